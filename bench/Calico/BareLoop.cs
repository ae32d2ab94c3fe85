using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Calico;

/// <summary>
/// The floor of propagation: watches pods and answers each event with one merge patch. No coalescing, no checks, no
/// preconditions, no retries.
/// </summary>
internal sealed class BareLoop : IAsyncDisposable
{
    private const string Pods = "/api/v1/pods";

    private readonly CancellationTokenSource _stopping = new();
    private readonly BareClient _remote;
    private readonly BareClient _local;
    private readonly Dictionary<string, string> _addressOf = [];
    private readonly Dictionary<string, SortedSet<string>> _nets = [];
    private readonly List<double> _writeMilliseconds = [];
    private SemaphoreSlim _slots = new(1);
    private Task _loop = Task.CompletedTask;
    private volatile Exception? _failure;
    private string _resourceVersion = "";

    private BareLoop(BenchStage stage)
    {
        _remote = new BareClient(stage.Remote);
        _local = new BareClient(stage.Local);
    }

    /// <summary>How long each write took from its sending to its answer, since the last call.</summary>
    public double[] TakeWriteTimes()
    {
        lock (_writeMilliseconds)
        {
            var taken = _writeMilliseconds.ToArray();
            _writeMilliseconds.Clear();
            return taken;
        }
    }

    /// <summary>Creates the objects of all pods, then watches.</summary>
    public static async Task<BareLoop> StartAsync(BenchStage stage, PodFleet fleet, CancellationToken cancellationToken)
    {
        await BareSync.CreateAsync(stage.Local, fleet, cancellationToken);
        var loop = new BareLoop(stage);
        var page = await stage.Remote.Admin.GetAsync($"{Pods}?limit=1", cancellationToken);
        foreach (var pod in await stage.Remote.Admin.ListAsync(Pods, cancellationToken))
            loop.Know(pod);
        loop._loop = loop.RunAsync(page["metadata"]!["resourceVersion"]!.GetValue<string>(), loop._stopping.Token);
        return loop;
    }

    /// <summary>How many writes may be in flight; 1 waits for each before the next event is read.</summary>
    public void SetInFlight(int count) => _slots = new SemaphoreSlim(count);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _remote.Dispose();
        _local.Dispose();
        _stopping.Dispose();
    }

    /// <exception cref="InvalidOperationException">The loop has ended.</exception>
    public void ThrowIfEnded()
    {
        if (_loop.IsCompleted)
            throw new InvalidOperationException("the bare loop ended", _loop.Exception);
    }

    private void Know(JsonObject pod)
    {
        var metadata = pod["metadata"]!;
        var (ns, set) = (metadata["namespace"]!.GetValue<string>(), metadata["annotations"]!["uw.systems/networkset-name"]!.GetValue<string>());
        var net = $"{pod["status"]!["podIP"]!.GetValue<string>()}/32";
        _addressOf[$"{ns}/{metadata["name"]!.GetValue<string>()}"] = net;
        NetsOf(ns, set).Add(net);
    }

    private SortedSet<string> NetsOf(string ns, string set)
    {
        var name = NamingConvention.ObjectName(new(PodFleet.Cluster, ns, set));
        return _nets.TryGetValue(name, out var nets) ? nets : _nets[name] = new(StringComparer.Ordinal);
    }

    private async Task RunAsync(string resourceVersion, CancellationToken cancellationToken)
    {
        _resourceVersion = resourceVersion;
        while (true)
        {
            // Once more where the server dropped it.
            using var events = await _remote.WatchAsync(Pods, _resourceVersion, cancellationToken);
            while (await events.ReadLineAsync(cancellationToken) is { } line)
            {
                if (Take(line) is not { } write)
                    continue;
                var slots = _slots;
                await slots.WaitAsync(cancellationToken);
                if (_failure is { } failure)
                    throw new InvalidOperationException("a write of the bare loop failed", failure);
                _ = WriteAsync(write.Path, write.Body, slots, cancellationToken);
            }
        }
    }

    private (string Path, byte[] Body)? Take(string line)
    {
        using var json = JsonDocument.Parse(line);
        var pod = json.RootElement.GetProperty("object");
        var metadata = pod.GetProperty("metadata");
        _resourceVersion = metadata.GetProperty("resourceVersion").GetString()!;
        var ns = metadata.GetProperty("namespace").GetString()!;
        var key = $"{ns}/{metadata.GetProperty("name").GetString()}";
        var set = metadata.GetProperty("annotations").GetProperty("uw.systems/networkset-name").GetString()!;
        var net = $"{pod.GetProperty("status").GetProperty("podIP").GetString()}/32";
        var old = _addressOf.GetValueOrDefault(key);
        if (old == net)
            return null;
        var nets = NetsOf(ns, set);
        if (old is not null)
            nets.Remove(old);
        nets.Add(net);
        _addressOf[key] = net;
        var body = new JsonObject
        {
            ["spec"] = new JsonObject { ["nets"] = new JsonArray([.. nets.Select(text => JsonValue.Create(text))]) },
        };
        return ($"{CalicoApi.Crd.Path}/{NamingConvention.ObjectName(new(PodFleet.Cluster, ns, set))}", JsonSerializer.SerializeToUtf8Bytes(body));
    }

    private async Task WriteAsync(string path, byte[] body, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await _local.SendAsync(HttpMethod.Patch, path, body, BareClient.MergePatch, cancellationToken);
            lock (_writeMilliseconds)
                _writeMilliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (HttpRequestException exception)
        {
            _failure = exception;
        }
        finally
        {
            slots.Release();
        }
    }
}
