using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>Remote clusters in memory: what a test does to the pods, every running source of that cluster tells.</summary>
public sealed class FakeRemote : IPodSourceFactory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Cluster> _clusters = [];

    public IPodSource Create(ClusterOptions cluster, TimeSpan podResyncPeriod) => new Source(this[cluster.Name]);

    public Cluster this[string name]
    {
        get
        {
            lock (_lock)
                return _clusters.TryGetValue(name, out var cluster) ? cluster : _clusters[name] = new Cluster();
        }
    }

    public sealed record FakePod(string Namespace, string Name, string? Set, string[] Ips, PodTraits Traits = PodTraits.None);

    public sealed class Cluster
    {
        private readonly Dictionary<(string, string), FakePod> _pods = [];
        private readonly Lock _turns = new();
        private Task _last = Task.CompletedTask;

        internal List<Source> Running { get; } = [];

        public Task SetAsync(string ns, string name, string? set, params string[] ips) => SetAsync(new FakePod(ns, name, set, ips));

        public Task SetAsync(FakePod pod) => ChangeAsync(() => _pods[(pod.Namespace, pod.Name)] = pod, batch => Write(batch, pod, PodChange.Upsert));

        public Task DeleteAsync(string ns, string name)
        {
            var pod = _pods[(ns, name)];
            return ChangeAsync(() => _pods.Remove((ns, name)), batch => Write(batch, pod, PodChange.Delete));
        }

        /// <summary>Changes pods while nobody watches.</summary>
        public void Silently(Action<Dictionary<(string, string), FakePod>> change) => change(_pods);

        /// <summary>A relist by all running sources; the last one's decision.</summary>
        public async Task<RelistDecision> RelistAsync()
        {
            var decision = RelistDecision.Applied;
            await InTurnAsync(async () =>
            {
                foreach (var source in Running.ToArray())
                    decision = await source.ListAsync(Pages());
            });
            return decision;
        }

        public void Report(PodSourceReport report)
        {
            foreach (var source in Running.ToArray())
                source.Sink!.Report(report);
        }

        /// <summary>Ends every running source by a fault that it did not foresee.</summary>
        public void Fail(Exception exception)
        {
            foreach (var source in Running.ToArray())
                source.Fail(exception);
        }

        internal Task StartAsync(Source source) => InTurnAsync(() =>
        {
            Running.Add(source);
            return source.ListAsync(Pages());
        });

        private Task InTurnAsync(Func<Task> work)
        {
            lock (_turns)
                return _last = RunAsync(_last);

            async Task RunAsync(Task before)
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await work();
            }
        }

        private List<PodBatch> Pages()
        {
            var batch = new PodBatch();
            foreach (var pod in _pods.Values)
                Write(batch, pod, PodChange.Upsert);
            return [batch];
        }

        private Task ChangeAsync(Action change, Action<PodBatch> write) => InTurnAsync(async () =>
        {
            change();
            var batch = new PodBatch { ReceivedAt = TimeProvider.System.GetTimestamp() };
            write(batch);
            foreach (var source in Running.ToArray())
                await source.Sink!.ApplyAsync(batch, CancellationToken.None);
        });

        private static void Write(PodBatch batch, FakePod pod, PodChange change)
        {
            batch.Begin();
            batch.Keep(PodText.Namespace, pod.Namespace);
            batch.Keep(PodText.Name, pod.Name);
            batch.Keep(PodText.SetName, pod.Set ?? "");
            batch.AddTrait(pod.Traits);
            foreach (var ip in pod.Ips)
            {
                if (PodAddress.Parse(ip, out var address) == AddressFault.None)
                    batch.AddAddress(address);
                else
                    batch.Keep(PodText.RefusedAddress, ip);
            }

            batch.Commit(change);
        }
    }

    internal sealed class Source(Cluster cluster) : IPodSource
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IPodSink? Sink { get; private set; }

        public void Fail(Exception exception) => _end.TrySetException(exception);

        public async Task RunAsync(IPodSink sink, CancellationToken cancellationToken)
        {
            Sink = sink;
            try
            {
                await cluster.StartAsync(this);
                await _end.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                cluster.Running.Remove(this);
            }
        }

        public async Task<RelistDecision> ListAsync(List<PodBatch> pages)
        {
            Sink!.Report(new PodSourceReport.ListStarted());
            Sink.Report(new PodSourceReport.ListCompleted(1, pages[0].Count, TimeSpan.Zero));
            return await Sink.ReplaceAsync(pages, CancellationToken.None);
        }

        public void RequestRelist() => _ = cluster.RelistAsync();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
