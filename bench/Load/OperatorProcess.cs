using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>The published program, as a process of its own with its defaults.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _admin;

    private OperatorProcess(ChildProcess process, Uri admin, long startedAt)
    {
        _process = process;
        _admin = new HttpClient { BaseAddress = admin };
        StartedAt = startedAt;
    }

    /// <summary>Timestamp just before the process was started.</summary>
    public long StartedAt { get; }

    public int ProcessId => _process.Id;

    public static async Task<OperatorProcess> StartAsync(BenchStage stage)
    {
        var ports = FreePorts.Take(3);
        // Building it is no part of the start.
        await PublishedProgram.PathAsync();
        var startedAt = Stopwatch.GetTimestamp();
        var process = await PublishedProgram.StartAsync(
            $"--config={stage.ConfigurationFile}",
            "--clustering=local",
            Invariant($"--http-address=127.0.0.1:{ports[0]}"),
            Invariant($"--admin-address=127.0.0.1:{ports[1]}"),
            Invariant($"--silo-port={ports[2]}"));
        return new OperatorProcess(process, new Uri(Invariant($"http://127.0.0.1:{ports[1]}")), startedAt);
    }

    /// <summary>Waits until the cluster is in sync with that many pods.</summary>
    public Task WaitUntilSyncedAsync(int pods, TimeSpan timeout) =>
        Deadline.UntilAsync($"the operator is in sync with {pods} pods", async () =>
        {
            ThrowIfEnded();
            try
            {
                var answer = JsonNode.Parse(await _admin.GetStringAsync(new Uri("/api/v1/clusters", UriKind.Relative)))!;
                return answer["clusters"]!.AsArray() is [{ } cluster]
                    && cluster["state"]!.GetValue<string>() == "Synced"
                    && cluster["pods"]!.GetValue<int>() == pods
                    && cluster["pendingWrites"]!.GetValue<int>() == 0;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, timeout, () => _process.Tail());

    /// <exception cref="InvalidOperationException">The program ended; the message holds its last lines.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"the operator ended with {_process.ExitCode}:\n{_process.Tail()}");
    }

    /// <summary>The program's last lines, for a failure's message.</summary>
    public string Tail() => _process.Tail();

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        try
        {
            await _process.TerminateAsync();
        }
        catch (TimeoutException)
        {
            // Killed below; what was measured is not touched by a slow end.
        }

        await _process.DisposeAsync();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
