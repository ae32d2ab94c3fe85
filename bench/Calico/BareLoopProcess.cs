using System.Globalization;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Calico;

/// <summary>The floor of propagation in a process of its own, as the operator is.</summary>
internal sealed class BareLoopProcess : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private BareLoopProcess(ChildProcess process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Creates the objects of all pods, then watches.</summary>
    public static async Task<BareLoopProcess> StartAsync(BenchStage stage, PodFleet fleet, CancellationToken cancellationToken)
    {
        await BareSync.CreateAsync(stage.Local, fleet, cancellationToken);
        var process = await ChildProcess.StartAsync(new ChildProcessOptions(Environment.ProcessPath!)
        {
            Arguments =
            [
                .. IsDotnet(Environment.ProcessPath!) ? [typeof(BareLoop).Assembly.Location] : Array.Empty<string>(), BareLoop.Command,
                stage.Remote.Address.AbsoluteUri, stage.Remote.CaFile, stage.Local.Address.AbsoluteUri, stage.Local.CaFile,
            ],
            // As the operator has it: no instrumented code.
            Environment = new Dictionary<string, string?> { ["DOTNET_TieredPGO"] = "0", [BareLoop.TokenVariable] = TestUser.Admin.Token },
        });
        var loop = new BareLoopProcess(process);
        await process.Output.WaitForAsync(line => line == BareLoop.Ready, Timeout);
        return loop;
    }

    /// <summary>How long each write took from its sending to its answer, in milliseconds, since the last call.</summary>
    public async Task<double[]> TakeWriteTimesAsync()
    {
        var seen = _process.Output.Snapshot().Count;
        _process.Send(PosixSignalNumber.Continue);
        var line = await _process.Output.WaitForAsync(line => line.StartsWith(BareLoop.Times, StringComparison.Ordinal), Timeout, seen);
        return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(time => double.Parse(time, CultureInfo.InvariantCulture))];
    }

    /// <exception cref="InvalidOperationException">The loop has ended.</exception>
    public void ThrowIfEnded()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"the bare loop ended:\n{_process.Tail()}");
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static bool IsDotnet(string path) => Path.GetFileNameWithoutExtension(path) == "dotnet";
}
