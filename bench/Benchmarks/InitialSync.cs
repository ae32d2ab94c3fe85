using System.Diagnostics;
using System.Text.Json;
using KubePolicySemaphore.Bench.Calico;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>How long until everything stands in Calico, from nothing.</summary>
internal sealed class InitialSync : IBenchmark
{
    private const double MaxRatio = 1.5;
    private const double MaxOverheadSeconds = 3;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(8);

    public string Name => "initial-sync";

    public string Title => "Initial sync";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        report.Note(
            $"""
            *Floor*: a client without any logic that knows the objects beforehand and creates them over HTTP/2, {BareSync.InFlight} in flight.
            *Operator*: the published program with its defaults, started on an empty Calico. Both write the same objects to the
            same server, one after the other, in turns; times are those of the events that an independent watch saw.
            *Writing* is from the first object to the last. *Overhead* is the time from the start of the process to the first
            object, less what a bare client needs to download the list of pods: they lie in etcd as JSON, which the API server
            decodes slower than what it stores itself.
            Targets: ratio at most {Report.Number(MaxRatio)}, overhead at most {Report.Number(MaxOverheadSeconds, 0)} s.
            """);
        (int Pods, int Sets)[] sizes = options.Quick ? [(500, 50)] : [(2_000, 200), (50_000, 5_000)];
        var times = new Table("pods / sets", "bytes per pod", "floor writing s", "operator writing s", "ratio", "list download s", "start to last s", "overhead s");
        var load = new Table(["pods / sets", "who writes", .. CpuUse.Headings]);
        foreach (var (pods, sets) in sizes)
            await MeasureAsync(new PodFleet(pods, sets), options, times, load, cancellationToken);
        report.Section("Times");
        report.Note("Medians of the rounds; in parentheses the ratio of each round.");
        report.Add(times);
        report.Section("Where the time goes");
        report.Note(
            $"""
            Cores kept busy while objects were written, in the last round, of {Environment.ProcessorCount} that all share. The floor's writer is this
            process, which the observer is always part of. Where the machine is busy the processor is the limit: what the
            writer takes, the servers lack. *Others* have no part in the measurement and only disturb it.
            """);
        report.Add(load);
    }

    private static async Task MeasureAsync(PodFleet fleet, BenchOptions options, Table times, Table load, CancellationToken cancellationToken)
    {
        var size = $"{Report.Number(fleet.Pods.Count, 0)} / {Report.Number(fleet.Sets.Count, 0)}";
        await using var stage = await BenchStage.StartAsync();
        await stage.SeedAsync(fleet, cancellationToken);
        var (bytes, download) = await DownloadAsync(stage, cancellationToken);
        // The first writes of a new server are slower than any later ones: nobody's.
        await MeasureFloorAsync(stage, fleet, cancellationToken);
        var floor = new List<SyncRun>();
        var ours = new List<SyncRun>();
        for (var round = 1; round <= options.Rounds; round++)
        {
            floor.Add(await MeasureFloorAsync(stage, fleet, cancellationToken));
            Report.Progress($"{size}: round {round}, floor {Report.Number(floor[^1].WritingSeconds, 2)} s");
            ours.Add(await MeasureOperatorAsync(stage, fleet, cancellationToken));
            Report.Progress($"{size}: round {round}, operator {Report.Number(ours[^1].WritingSeconds, 2)} s");
        }

        var ratios = floor.Zip(ours, (bare, run) => run.WritingSeconds / bare.WritingSeconds).ToArray();
        times.Add(
            size,
            Report.Number((double)bytes / fleet.Pods.Count, 0),
            Report.Number(floor.Select(run => run.WritingSeconds).Median(), 2),
            Report.Number(ours.Select(run => run.WritingSeconds).Median(), 2),
            $"{Report.Number(ratios.Median(), 2)} ({string.Join(", ", ratios.Select(ratio => Report.Number(ratio, 2)))})",
            Report.Number(download, 2),
            Report.Number(ours.Select(run => run.TotalSeconds).Median(), 2),
            Report.Number(ours.Select(run => run.TotalSeconds - run.WritingSeconds).Median() - download, 2));
        load.Add([size, "floor", .. floor[^1].Cpu.Cells]);
        load.Add([size, "operator", .. ours[^1].Cpu.Cells]);
    }

    private static async Task<(long Bytes, double Seconds)> DownloadAsync(BenchStage stage, CancellationToken cancellationToken)
    {
        using var client = new BareClient(stage.Remote);
        var bytes = await client.DownloadAsync("/api/v1/pods", cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await client.DownloadAsync("/api/v1/pods", cancellationToken);
        return (bytes, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task<SyncRun> MeasureFloorAsync(BenchStage stage, PodFleet fleet, CancellationToken cancellationToken)
    {
        await stage.ClearAsync(cancellationToken);
        await using var observer = await NetworkSetObserver.StartAsync(stage.Local, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var last = observer.WhenNetsAsync(fleet.Pods.Count);
        var cpu = new CpuMeter(stage, Environment.ProcessId);
        await BareSync.CreateAsync(stage.Local, fleet, cancellationToken);
        var lastAt = await last.WaitAsync(Timeout, cancellationToken);
        return new SyncRun(start, await observer.FirstEvent, lastAt, cpu.Read());
    }

    private static async Task<SyncRun> MeasureOperatorAsync(BenchStage stage, PodFleet fleet, CancellationToken cancellationToken)
    {
        await stage.ClearAsync(cancellationToken);
        await using var observer = await NetworkSetObserver.StartAsync(stage.Local, cancellationToken);
        var last = observer.WhenNetsAsync(fleet.Pods.Count);
        await using var program = await OperatorProcess.StartAsync(stage);
        try
        {
            var firstAt = await observer.FirstEvent.WaitAsync(Timeout, cancellationToken);
            var cpu = new CpuMeter(stage, program.ProcessId);
            var lastAt = await last.WaitAsync(Timeout, cancellationToken);
            return new SyncRun(program.StartedAt, firstAt, lastAt, cpu.Read());
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"the operator did not write all sets in {Timeout}:\n{program.Tail()}", exception);
        }
    }

    /// <summary>One sync; timestamps.</summary>
    private sealed record SyncRun(long Start, long First, long Last, CpuUse Cpu)
    {
        public double WritingSeconds => Stopwatch.GetElapsedTime(First, Last).TotalSeconds;

        public double TotalSeconds => Stopwatch.GetElapsedTime(Start, Last).TotalSeconds;
    }
}
