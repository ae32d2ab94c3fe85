using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>A silo of a grid: the published program, which starts again at the addresses that it had.</summary>
internal sealed class GridSilo(string name, IReadOnlyList<string> flags) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private int[] _ports = FreePorts.Take(3);
    private ChildProcess? _process;

    public string Name => name;

    public bool Runs => _process is { HasExited: false };

    /// <summary>Timestamp of its last end by <see cref="TerminateAsync"/>.</summary>
    public long EndedAt { get; private set; }

    public async Task StartAsync()
    {
        if (_process is { } ended)
            await ended.DisposeAsync();
        _process = await PublishedProgram.StartAsync(
            [
                .. flags, $"--silo-name={name}",
                Invariant($"--http-address=127.0.0.1:{_ports[0]}"),
                Invariant($"--admin-address=127.0.0.1:{_ports[1]}"),
                Invariant($"--silo-port={_ports[2]}"),
            ],
            new Dictionary<string, string?> { ["POD_NAMESPACE"] = GridRights.Namespace });
    }

    /// <summary>From the next start on it is found at other addresses.</summary>
    public void Readdress() => _ports = FreePorts.Take(3);

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <exception cref="TimeoutException">It still runs after 30 s, when Kubernetes would kill it.</exception>
    public async Task TerminateAsync()
    {
        if (_process is not { } process)
            return;
        await process.TerminateAsync(TimeSpan.FromSeconds(30));
        EndedAt = Stopwatch.GetTimestamp();
    }

    public async Task<bool> IsReadyAsync()
    {
        ThrowIfEnded();
        try
        {
            using var response = await _http.GetAsync(UriOf(_ports[0], "/readyz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What it tells of all clusters; nothing while it does not answer.</summary>
    public async Task<IReadOnlyList<WatchedCluster>> ClustersAsync()
    {
        ThrowIfEnded();
        try
        {
            var answer = JsonNode.Parse(await _http.GetStringAsync(UriOf(_ports[1], "/api/v1/clusters")))!;
            return
            [
                .. answer["clusters"]!.AsArray().Select(cluster => new WatchedCluster(
                    cluster!["name"]!.GetValue<string>(), cluster["silo"]?.GetValue<string>() ?? "",
                    cluster["state"]!.GetValue<string>(), cluster["pendingWrites"]!.GetValue<int>())),
            ];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }

    /// <summary>The last lines of its log, for a failure's message.</summary>
    public string Tail() => $"--- {name}{(Runs ? "" : " (ended)")}\n{_process?.Tail(40)}\n";

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
    }

    private static Uri UriOf(int port, string path) => new(Invariant($"http://127.0.0.1:{port}{path}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void ThrowIfEnded()
    {
        if (!Runs)
            throw new InvalidOperationException($"{name} ended by itself:\n{Tail()}");
    }
}
