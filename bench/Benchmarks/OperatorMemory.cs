using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>What the whole program needs for its pods.</summary>
internal sealed class OperatorMemory : IBenchmark
{
    private const double MaxMegabytes = 60;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(8);

    public string Name => "operator-memory";

    public string Title => "Memory of the operator";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var fleet = options.Quick ? new PodFleet(2_000, 200) : new PodFleet(50_000, 5_000);
        report.Note(
            $"""
            Resident memory of the published program with its defaults, in MB of 1,000,000 bytes: {options.Settle.TotalSeconds} s after it was in
            sync, and once more after a full collection that a profiler's session made it do. {Report.Number(fleet.Pods.Count, 0)} pods in
            {Report.Number(fleet.Sets.Count, 0)} sets. Target: at most {Report.Number(MaxMegabytes, 0)} MB more than with an empty remote.
            """);
        await using var stage = await BenchStage.StartAsync();
        var idle = await MeasureAsync(stage, null, options, cancellationToken);
        await stage.SeedAsync(fleet, cancellationToken);
        var first = await MeasureAsync(stage, fleet, options, cancellationToken);
        var again = await MeasureAsync(stage, fleet, options, cancellationToken);

        var table = new Table("state", "in sync, MB", "more than idle", "bytes per pod", "collected, MB", "more than idle ", "bytes per pod ", "peak, MB");
        Add(table, "empty remote", idle, null, fleet);
        Add(table, "all sets written", first, idle, fleet);
        Add(table, "restarted, nothing to write", again, idle, fleet);
        report.Add(table);
    }

    private static void Add(Table table, string state, Reading reading, Reading? idle, PodFleet fleet)
    {
        var settled = reading.Settled.Resident - idle?.Settled.Resident;
        var collected = reading.Collected.Resident - idle?.Collected.Resident;
        table.Add(
            state,
            Report.Number(reading.Settled.Resident), Report.Number(settled), Report.Number(settled * 1e6 / fleet.Pods.Count, 0),
            Report.Number(reading.Collected.Resident), Report.Number(collected), Report.Number(collected * 1e6 / fleet.Pods.Count, 0),
            Report.Number(reading.Settled.Peak));
    }

    private static async Task<Reading> MeasureAsync(BenchStage stage, PodFleet? fleet, BenchOptions options, CancellationToken cancellationToken)
    {
        await using var program = await OperatorProcess.StartAsync(stage);
        await program.WaitUntilSyncedAsync(fleet?.Pods.Count ?? 0, Timeout);
        await Task.Delay(options.Settle, TimeProvider.System, cancellationToken);
        var settled = ProcessMemory.Read(program.ProcessId);
        await ForcedCollection.RunAsync(program.ProcessId, cancellationToken);
        return new Reading(settled, ProcessMemory.Read(program.ProcessId));
    }

    private sealed record Reading(ProcessMemory Settled, ProcessMemory Collected);
}
