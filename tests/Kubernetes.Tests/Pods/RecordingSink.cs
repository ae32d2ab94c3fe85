using System.Collections.Concurrent;
using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

/// <summary>Keeps the pods as a source tells them, and every report; notices calls that overlap.</summary>
internal sealed class RecordingSink : IPodSink
{
    private readonly ConcurrentDictionary<string, string> _pods = new();
    private readonly ConcurrentQueue<PodSourceReport> _reports = new();
    private int _inside;

    /// <summary>Namespace/name to addresses.</summary>
    public IReadOnlyDictionary<string, string> Pods => _pods;

    public IReadOnlyCollection<PodSourceReport> Reports => _reports;

    /// <summary>What is answered to a list; applies it unless told otherwise.</summary>
    public Func<int, RelistDecision> Decide { get; set; } = _ => RelistDecision.Applied;

    public int Replaces { get; private set; }

    public int Applies { get; private set; }

    /// <summary>Keys that were there, vanished by a list and are called live by <see cref="IsLive"/>.</summary>
    public ConcurrentQueue<string> WronglyRemoved { get; } = new();

    public Func<string, bool> IsLive { get; set; } = _ => false;

    public ValueTask<RelistDecision> ReplaceAsync(IReadOnlyList<PodBatch> pages, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        var decision = Decide(Replaces + 1);
        if (decision.ListAgainAfter is null)
            Replace(pages);
        Replaces++;
        Interlocked.Decrement(ref _inside);
        return ValueTask.FromResult(decision);
    }

    public async ValueTask ApplyAsync(PodBatch changes, CancellationToken cancellationToken)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        await Task.Yield();
        Applies++;
        for (var i = 0; i < changes.Count; i++)
        {
            var pod = changes[i];
            if (pod.Change == PodChange.Delete)
                _pods.TryRemove(KeyOf(pod), out _);
            else
                _pods[KeyOf(pod)] = AddressesOf(pod);
        }

        Interlocked.Decrement(ref _inside);
    }

    public void Report(PodSourceReport report) => _reports.Enqueue(report);

    public IEnumerable<T> Told<T>()
        where T : PodSourceReport => _reports.OfType<T>();

    public bool HasRestarted(WatchRestartReason reason) => Told<PodSourceReport.WatchRestarted>().Any(restart => restart.Reason == reason);

    public override string ToString() =>
        $"{_pods.Count} pods, {Replaces} lists, {Applies} batches; last reports: {string.Join(" / ", _reports.Where(report => report is not PodSourceReport.Contact).TakeLast(8))}";

    private void Replace(IReadOnlyList<PodBatch> pages)
    {
        var listed = new Dictionary<string, string>();
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Count; i++)
            {
                Assert.Equal(PodChange.Upsert, page[i].Change);
                listed[KeyOf(page[i])] = AddressesOf(page[i]);
            }
        }

        foreach (var key in _pods.Keys.Where(key => !listed.ContainsKey(key)))
        {
            _pods.TryRemove(key, out _);
            if (IsLive(key))
                WronglyRemoved.Enqueue(key);
        }

        foreach (var (key, addresses) in listed)
            _pods[key] = addresses;
    }

    private static string KeyOf(in PodView pod) => $"{pod.Namespace}/{pod.Name}";

    private static string AddressesOf(in PodView pod) => string.Join(',', pod.Addresses.ToArray());
}
