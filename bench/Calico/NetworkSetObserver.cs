using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Calico;

/// <summary>Watches what stands in Calico, independent of whoever writes it, and notes when.</summary>
internal sealed class NetworkSetObserver : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly BareClient _client;
    private readonly Dictionary<string, int> _netsOf = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _expected = new();
    private readonly TaskCompletionSource<long> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Task _watch;
    private string _resourceVersion;
    private TaskCompletionSource<long>? _complete;
    private int _wanted = -1;
    private int _nets;

    private NetworkSetObserver(BareClient client, StreamReader events, string resourceVersion)
    {
        _client = client;
        _resourceVersion = resourceVersion;
        _watch = ReadAsync(events);
    }

    /// <summary>The timestamp of the first event.</summary>
    public Task<long> FirstEvent => _first.Task;

    /// <summary>Starts on a server that has no set.</summary>
    public static async Task<NetworkSetObserver> StartAsync(RealApiServer local, CancellationToken cancellationToken)
    {
        var list = await local.Admin.GetAsync(CalicoApi.Crd.Path, cancellationToken);
        if (list["items"]!.AsArray().Count > 0)
            throw new InvalidOperationException("there are sets from before");
        var client = new BareClient(local);
        var resourceVersion = list["metadata"]!["resourceVersion"]!.GetValue<string>();
        return new NetworkSetObserver(client, await client.WatchAsync(CalicoApi.Crd.Path, resourceVersion, cancellationToken), resourceVersion);
    }

    /// <summary>Answers the timestamp at which that many nets were there, over all objects.</summary>
    public Task<long> WhenNetsAsync(int count)
    {
        lock (_lock)
        {
            _wanted = count;
            _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_nets == count)
                _complete.SetResult(Stopwatch.GetTimestamp());
            return _complete.Task;
        }
    }

    /// <summary>Answers the timestamp at which that net is seen for the first time from now on.</summary>
    public Task<long> WhenNetAsync(string net) =>
        _expected.GetOrAdd(net, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task ReadAsync(StreamReader events)
    {
        try
        {
            while (true)
            {
                using (events)
                {
                    while (await events.ReadLineAsync(_stopping.Token) is { } line)
                        Take(line, Stopwatch.GetTimestamp());
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

    private void Take(string line, long now)
    {
        _first.TrySetResult(now);
        using var json = JsonDocument.Parse(line);
        var item = json.RootElement.GetProperty("object");
        if (json.RootElement.GetProperty("type").GetString() == "ERROR")
            throw new InvalidOperationException($"the observer's watch failed: {item}");
        var metadata = item.GetProperty("metadata");
        _resourceVersion = metadata.GetProperty("resourceVersion").GetString()!;
        var name = metadata.GetProperty("name").GetString()!;
        var count = 0;
        if (json.RootElement.GetProperty("type").GetString() != "DELETED"
            && item.TryGetProperty("spec", out var spec) && spec.TryGetProperty("nets", out var nets))
        {
            count = nets.GetArrayLength();
            foreach (var net in nets.EnumerateArray())
            {
                if (!_expected.IsEmpty && _expected.TryRemove(net.GetString()!, out var seen))
                    seen.SetResult(now);
            }
        }

        lock (_lock)
        {
            _nets += count - _netsOf.GetValueOrDefault(name);
            _netsOf[name] = count;
            if (_nets == _wanted)
                _complete?.TrySetResult(now);
        }
    }

    private void Fail(Exception exception)
    {
        _first.TrySetException(exception);
        lock (_lock)
            (_complete ??= new()).TrySetException(exception);
        foreach (var seen in _expected.Values)
            seen.TrySetException(exception);
    }
}
