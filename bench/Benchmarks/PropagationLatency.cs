using KubePolicySemaphore.Bench.Calico;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>How long a pod's new address takes into Calico.</summary>
internal sealed class PropagationLatency : IBenchmark
{
    private const double MaxRatio = 1.3;

    // For each load with a rate, all rounds together. At 2/s that makes 300 samples; of fewer the 99th percentile is one of the
    // worst two or three, which is chance.
    private static readonly TimeSpan MinTime = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public string Name => "propagation-latency";

    public string Title => "Propagation latency";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var fleet = options.Quick ? new PodFleet(200, 40) : new PodFleet(2_000, 200);
        report.Note(
            $"""
            From the API server's answer that a pod has a new address, to the moment an independent watch of Calico shows that
            address. {Report.Number(fleet.Pods.Count, 0)} pods in {fleet.Sets.Count} sets; changes go round over the sets.
            *Floor*: a loop that watches pods and sends one merge patch per event, at most {PodChanger.Writers} in flight, without any of the
            checks that the operator makes. *Operator*: the published program with its defaults. Each is a process of its own.
            They take turns in rounds, each on objects of its own making. *At the limit* {PodChanger.Writers} writers each change a pod as soon as
            they have seen their last change in Calico. Target: ratio at most {Report.Number(MaxRatio)}.
            """);

        await using var stage = await BenchStage.StartAsync();
        await stage.SeedAsync(fleet, cancellationToken);
        PropagationLoad[] loads = [new("2/s", 2), new("20/s", 20), new("at the limit", null)];
        var floor = loads.Select(_ => new List<PropagationRun>()).ToArray();
        var ours = loads.Select(_ => new List<PropagationRun>()).ToArray();
        TimeSpan[] legs = [.. loads.Select(load => LegOf(load, options))];
        for (var round = 1; round <= options.Rounds; round++)
        {
            await MeasureFloorAsync(stage, fleet, loads, legs, floor, cancellationToken);
            await MeasureOperatorAsync(stage, fleet, loads, legs, ours, cancellationToken);
            Report.Progress($"round {round} of {options.Rounds} done");
        }

        WriteTables(report, loads, floor, ours);
    }

    private static TimeSpan LegOf(PropagationLoad load, BenchOptions options)
    {
        var share = options.Budget / (2 * options.Rounds);
        if (options.Quick || load.Rate is null)
            return share;
        var enough = MinTime / options.Rounds;
        return share > enough ? share : enough;
    }

    private static async Task MeasureFloorAsync(
        BenchStage stage, PodFleet fleet, PropagationLoad[] loads, TimeSpan[] legs, List<PropagationRun>[] runs, CancellationToken cancellationToken)
    {
        await stage.ClearAsync(cancellationToken);
        await using var observer = await NetworkSetObserver.StartAsync(stage.Local, cancellationToken);
        await using var loop = await BareLoopProcess.StartAsync(stage, fleet, cancellationToken);
        using var changer = new PodChanger(stage, fleet, observer);
        await observer.WhenNetsAsync(fleet.Pods.Count).WaitAsync(Timeout, cancellationToken);
        await changer.WarmUpAsync(cancellationToken);
        for (var i = 0; i < loads.Length; i++)
        {
            await loop.TakeWriteTimesAsync();
            var run = await changer.RunAsync(loads[i], legs[i], loop.ProcessId, cancellationToken);
            loop.ThrowIfEnded();
            runs[i].Add(run with { WriteMilliseconds = await loop.TakeWriteTimesAsync() });
        }
    }

    private static async Task MeasureOperatorAsync(
        BenchStage stage, PodFleet fleet, PropagationLoad[] loads, TimeSpan[] legs, List<PropagationRun>[] runs, CancellationToken cancellationToken)
    {
        await stage.ClearAsync(cancellationToken);
        await using var observer = await NetworkSetObserver.StartAsync(stage.Local, cancellationToken);
        await using var program = await OperatorProcess.StartAsync(stage);
        using var changer = new PodChanger(stage, fleet, observer);
        try
        {
            await observer.WhenNetsAsync(fleet.Pods.Count).WaitAsync(Timeout, cancellationToken);
            await changer.WarmUpAsync(cancellationToken);
            for (var i = 0; i < loads.Length; i++)
                runs[i].Add(await changer.RunAsync(loads[i], legs[i], program.ProcessId, cancellationToken));
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"the operator wrote no more:\n{program.Tail()}", exception);
        }
    }

    private static void WriteTables(Report report, PropagationLoad[] loads, List<PropagationRun>[] floor, List<PropagationRun>[] ours)
    {
        report.Section("Latency");
        report.Note("Milliseconds, all rounds together; in parentheses the ratio of each round. The *write* is what the floor's request alone took, p50.");
        var latency = new Table(
            "changes", "samples", "write", "floor p50", "operator p50", "ratio p50", "floor p99", "operator p99", "ratio p99");
        var load = new Table(["changes", "who writes", "changes/s", .. CpuUse.Headings]);
        for (var i = 0; i < loads.Length; i++)
        {
            latency.Add(
                loads[i].Title,
                $"{floor[i].Sum(run => run.Milliseconds.Length)} / {ours[i].Sum(run => run.Milliseconds.Length)}",
                Report.Number(floor[i].SelectMany(run => run.WriteMilliseconds).Median()),
                Of(floor[i], 0.5), Of(ours[i], 0.5), Ratio(floor[i], ours[i], 0.5),
                Of(floor[i], 0.99), Of(ours[i], 0.99), Ratio(floor[i], ours[i], 0.99));
            load.Add(Cells(loads[i].Title, "floor", floor[i][^1]));
            load.Add(Cells(loads[i].Title, "operator", ours[i][^1]));
        }

        report.Add(latency);
        report.Section("Where the time goes");
        report.Note(
            $"""
            Cores kept busy in the last round, of {Environment.ProcessorCount} that all share. Pods' writers and the observer are in the process *bench*,
            floor and operator are the *writer*. *Others* have no part in the measurement and only disturb it.
            """);
        report.Add(load);
    }

    private static string Of(List<PropagationRun> runs, double share) => Report.Number(runs.SelectMany(run => run.Milliseconds).Percentile(share));

    private static string Ratio(List<PropagationRun> floor, List<PropagationRun> ours, double share)
    {
        var rounds = floor.Zip(ours, (bare, run) => Report.Number(run.Milliseconds.Percentile(share) / bare.Milliseconds.Percentile(share), 2));
        var all = ours.SelectMany(run => run.Milliseconds).Percentile(share) / floor.SelectMany(run => run.Milliseconds).Percentile(share);
        return $"{Report.Number(all, 2)} ({string.Join(", ", rounds)})";
    }

    private static string[] Cells(string title, string who, PropagationRun run) =>
        [title, who, Report.Number(run.Milliseconds.Length / run.Cpu.Wall), .. run.Cpu.Cells];
}
