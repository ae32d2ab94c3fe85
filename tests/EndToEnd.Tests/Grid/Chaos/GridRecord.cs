using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>
/// Every write to the objects of some clusters, with its time. Told by etcd itself: it misses nothing while the API server
/// is away, and asks nothing of it.
/// </summary>
internal sealed class GridRecord : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<SetWrite> _writes = [];
    private readonly Dictionary<string, SetWrite> _last = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _written = NewSignal();
    private Task _watch = Task.CompletedTask;

    private GridRecord()
    {
    }

    /// <exception cref="IOException">The watch broke: what follows is missing.</exception>
    public IReadOnlyList<SetWrite> Writes
    {
        get
        {
            if (_watch.IsFaulted)
                throw new IOException("the record has broken off", _watch.Exception.InnerException);
            lock (_lock)
                return [.. _writes];
        }
    }

    /// <summary>The nets of each object that exists.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Current
    {
        get
        {
            lock (_lock)
                return _last.Values.Where(write => !write.Deleted).ToDictionary(write => write.Object, write => write.Nets, StringComparer.Ordinal);
        }
    }

    /// <summary>Records the objects of these clusters from now on; there must be none yet.</summary>
    public static async Task<GridRecord> StartAsync(RealApiServer server, CalicoApi api, RunClock clock, IReadOnlyCollection<string> clusters)
    {
        var record = new GridRecord();
        var prefix = $"{server.EtcdPrefix}/{api.Group}/globalnetworksets/";
        var writes = await server.Etcd.WatchAsync(prefix, record._stopping.Token);
        record._watch = record.ReadAsync(writes, prefix, clock, [.. clusters.Select(cluster => $"{cluster}-")]);
        return record;
    }

    /// <summary>Waits for a write; <see langword="null"/> when none came in that time.</summary>
    /// <param name="after">How many writes are known already.</param>
    public async Task<SetWrite?> NextAsync(int after, TimeSpan limit)
    {
        Task written;
        lock (_lock)
            written = _written.Task;
        if (Writes.Count == after)
            await Task.WhenAny(written, _watch, Task.Delay(limit, TimeProvider.System));
        return Writes.ElementAtOrDefault(after);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ReadAsync(IAsyncEnumerable<EtcdWrite> writes, string prefix, RunClock clock, string[] clusters)
    {
        await foreach (var write in writes)
        {
            var name = write.Key[prefix.Length..];
            if (!clusters.Any(cluster => name.StartsWith(cluster, StringComparison.Ordinal)))
                continue;
            var nets = write.Value is null ? [] : NetworkSets.NetsOf(JsonNode.Parse(write.Value)!.AsObject());
            Add(new(clock.Now, name, nets.ToHashSet(StringComparer.Ordinal), write.Value is null));
        }
    }

    private void Add(SetWrite write)
    {
        TaskCompletionSource written;
        lock (_lock)
        {
            _writes.Add(write);
            _last[write.Object] = write;
            written = _written;
            _written = NewSignal();
        }

        written.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
