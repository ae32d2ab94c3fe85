using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>Watches what stands in Calico, independent of whoever writes it, and compares it with what the pods have.</summary>
internal sealed class GridObserver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly BareClient _client;
    private readonly GridTruth _truth;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _nets;
    private readonly Dictionary<(string ObjectName, string Net), TaskCompletionSource<long>> _expected = [];
    private readonly List<SetWrite> _writes = [];
    private readonly Task _watch;
    private GridHarm _harm = new(0, 0);
    private string _resourceVersion;
    private Exception? _failure;

    private GridObserver(BareClient client, GridTruth truth, Dictionary<string, HashSet<string>> nets, StreamReader events, string resourceVersion)
    {
        _client = client;
        _truth = truth;
        _nets = nets;
        _resourceVersion = resourceVersion;
        _watch = ReadAsync(events);
    }

    /// <summary>Every write since the start, in its order.</summary>
    public IReadOnlyList<SetWrite> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    /// <summary>What was done wrong since the start.</summary>
    public GridHarm Harm
    {
        get
        {
            lock (_lock)
                return _harm;
        }
    }

    public static async Task<GridObserver> StartAsync(RealApiServer local, GridTruth truth, CancellationToken cancellationToken)
    {
        var list = await local.Admin.GetAsync(CalicoApi.Crd.Path, cancellationToken);
        var nets = list["items"]!.AsArray().ToDictionary(item => item!["metadata"]!["name"]!.GetValue<string>(), item => NetsOf(item!));
        var resourceVersion = list["metadata"]!["resourceVersion"]!.GetValue<string>();
        var client = new BareClient(local);
        return new GridObserver(client, truth, nets, await client.WatchAsync(CalicoApi.Crd.Path, resourceVersion, cancellationToken), resourceVersion);
    }

    /// <summary>Answers the timestamp at which the set is first seen with that address.</summary>
    public Task<long> WhenSeenAsync(string objectName, string net)
    {
        lock (_lock)
        {
            if (_failure is not null)
                return Task.FromException<long>(_failure);
            var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _expected.Add((objectName, net), seen);
            return seen.Task;
        }
    }

    /// <summary>Waits until Calico shows what the pods have; answers the timestamp of the write that made it so.</summary>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="details">Tells what is going on, for the failure's message.</param>
    public async Task<long> WhenRightAsync(TimeSpan timeout, Func<string> details)
    {
        var wrong = 0;
        var last = 0L;
        await Deadline.UntilAsync("Calico shows what the pods have", () =>
        {
            lock (_lock)
            {
                if (_failure is not null)
                    throw new InvalidOperationException("the observer's watch failed", _failure);
                wrong = _truth.CountWrong(_nets);
                last = _writes.Count > 0 ? _writes[^1].At : Stopwatch.GetTimestamp();
            }

            return Task.FromResult(wrong == 0);
        }, timeout, () => $"{wrong} objects are wrong.\n{details()}");
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
    }

    private static HashSet<string> NetsOf(JsonNode item) =>
        new((item["spec"]?["nets"]?.AsArray() ?? []).Select(net => net!.GetValue<string>()), StringComparer.Ordinal);

    private async Task ReadAsync(StreamReader events)
    {
        try
        {
            while (true)
            {
                using (events)
                {
                    while (await events.ReadLineAsync(_stopping.Token) is { } line)
                        Take(JsonNode.Parse(line)!, Stopwatch.GetTimestamp());
                }

                // A server under load drops a watch that it cannot serve fast enough; nothing is missed.
                events = await _client.WatchAsync(CalicoApi.Crd.Path, _resourceVersion, _stopping.Token);
            }
        }
        // Whoever waits learns of it.
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Take(JsonNode change, long now)
    {
        var item = change["object"]!;
        var type = change["type"]!.GetValue<string>();
        if (type == "ERROR")
            throw new JsonException($"the observer's watch failed: {item.ToJsonString()}");
        _resourceVersion = item["metadata"]!["resourceVersion"]!.GetValue<string>();
        var name = item["metadata"]!["name"]!.GetValue<string>();
        var nets = type == "DELETED" ? [] : NetsOf(item);
        lock (_lock)
        {
            _writes.Add(new(name, now));
            _harm = Judge(name, nets);
            if (type == "DELETED")
                _nets.Remove(name);
            else
                _nets[name] = nets;
            foreach (var net in nets)
            {
                if (_expected.Remove((name, net), out var seen))
                    seen.SetResult(now);
            }
        }
    }

    private GridHarm Judge(string name, HashSet<string> nets)
    {
        var before = _nets.GetValueOrDefault(name) ?? [];
        var taken = _truth.CountLive(name, before.Where(net => !nets.Contains(net)));
        var lost = nets.Count == 0 && before.Count > 0 && _truth.HasPods(name);
        return new(_harm.TakenAddresses + taken, _harm.LostSets + (lost ? 1 : 0));
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            _failure = exception;
            foreach (var seen in _expected.Values)
                seen.TrySetException(exception);
        }
    }
}
