using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.Bench.Calico;

/// <summary>
/// The floor of propagation, as a program: watches pods and answers each event with one merge patch. No coalescing, no
/// checks, no preconditions, no retries. See <see cref="BareLoopProcess"/>.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    /// <summary>First argument of the program that makes it this loop; then address and CA file of the remote, and of the local server.</summary>
    public const string Command = "bare-loop";

    /// <summary>The variable with the token for both servers.</summary>
    public const string TokenVariable = "KPS_BENCH_TOKEN";

    /// <summary>Printed when it watches.</summary>
    public const string Ready = "watching";

    /// <summary>Begins the line that answers SIGCONT: milliseconds of each write since the last, separated by spaces.</summary>
    public const string Times = "times";

    private const string Pods = "/api/v1/pods";

    private readonly BareClient _remote;
    private readonly BareClient _local;
    private readonly Dictionary<string, string> _addressOf = [];
    private readonly Dictionary<string, SortedSet<string>> _nets = [];
    private readonly List<double> _writeMilliseconds = [];
    private readonly SemaphoreSlim _slots = new(PodChanger.Writers);
    private volatile Exception? _failure;
    private string _resourceVersion = "";

    private BareLoop(BareClient remote, BareClient local) => (_remote, _local) = (remote, local);

    /// <summary>Runs until it is killed.</summary>
    public static async Task RunAsync(string[] arguments)
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable) ?? throw new InvalidOperationException($"{TokenVariable} is not set");
        using var remote = new BareClient(new Uri(arguments[0]), await File.ReadAllTextAsync(arguments[1]), token);
        using var local = new BareClient(new Uri(arguments[2]), await File.ReadAllTextAsync(arguments[3]), token);
        using var loop = new BareLoop(remote, local);
        var list = JsonNode.Parse(await remote.SendAsync(HttpMethod.Get, Pods, null, BareClient.Json, CancellationToken.None))!;
        foreach (var pod in list["items"]!.AsArray())
            loop.Know(pod!.AsObject());
        loop._resourceVersion = list["metadata"]!["resourceVersion"]!.GetValue<string>();
        using var asked = PosixSignalRegistration.Create((PosixSignal)PosixSignalNumber.Continue, signal =>
        {
            signal.Cancel = true;
            loop.TellTimes();
        });
        Console.WriteLine(Ready);
        await loop.WatchAsync(CancellationToken.None);
    }

    public void Dispose() => _slots.Dispose();

    private void TellTimes()
    {
        lock (_writeMilliseconds)
        {
            Console.WriteLine($"{Times} {string.Join(' ', _writeMilliseconds.Select(time => time.ToString("R", CultureInfo.InvariantCulture)))}");
            _writeMilliseconds.Clear();
        }
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

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // Once more where the server dropped it.
            using var events = await _remote.WatchAsync(Pods, _resourceVersion, cancellationToken);
            while (await events.ReadLineAsync(cancellationToken) is { } line)
            {
                if (Take(line) is not { } write)
                    continue;
                await _slots.WaitAsync(cancellationToken);
                if (_failure is { } failure)
                    throw new InvalidOperationException("a write of the bare loop failed", failure);
                _ = WriteAsync(write.Path, write.Body, cancellationToken);
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

    private async Task WriteAsync(string path, byte[] body, CancellationToken cancellationToken)
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
            _slots.Release();
        }
    }
}
