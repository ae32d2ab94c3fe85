using System.Diagnostics;
using KubePolicySemaphore.Bench.Grid;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>How long until all is right after every silo was killed, and what is written on the way.</summary>
internal sealed class ColdStart : IBenchmark
{
    private const int Silos = 3;
    private const double MaxSeconds = 60;

    // One set of so many changes while nothing runs.
    private const int ChangedEach = 10;

    public string Name => "cold-start";

    public string Title => "Cold start";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var size = options.Quick ? new GridSize(6, 10, 5) : new GridSize(6, 167, 10);
        var quiet = TimeSpan.FromSeconds(options.Quick ? 5 : 20);
        report.Note(
            $"""
            All silos are killed at once: how long until all is right again, and is anything written that no pod asked for?
            {size.Clusters} cluster entries on two remote API servers, {Report.Number(size.AllPods, 0)} pods in {Report.Number(size.AllSets, 0)} sets, all in sync. Then `kill -9` of every silo; while nothing
            runs, pods of each {ChangedEach}th set change: one has another address, one is new, or one is gone. Then all are started again at once.
            Times are from just before the start: until every silo is ready, until every silo tells that all clusters are in sync, and
            until the write with which Calico shows what the pods have, as an independent watch sees it. Target for all three: at most {Report.Number(MaxSeconds, 0)} s.
            That watch counts writes until {Report.Number(quiet.TotalSeconds, 0)} s after all was right. *Needed* is one for each set that changed, *needless* is any
            other; target: 0.
            *Floor*: one silo with `--clustering=local`, which waits for nobody: start of the program, lists, and writes. The grids are
            {Silos} silos with their membership in the local API server, which has those that were killed as members still: at the addresses that
            they had, as on the nodes' network or with pods that get theirs back, and at others, where a dead silo must be found out.
            They take turns in rounds. {Silos} processes that start share {Environment.ProcessorCount} cores with the servers that they ask: with a machine for each they
            would need less.
            """);

        await using var stage = await GridStage.StartAsync(size, cancellationToken);
        Leg[] legs =
        [
            new("one silo, clustering local: floor", SiloGroup.Local, 1, false),
            new($"{Silos} silos at their addresses", SiloGroup.Kubernetes, Silos, false),
            new($"{Silos} silos at other addresses", SiloGroup.Kubernetes, Silos, true),
        ];
        var runs = legs.Select(_ => new List<ColdRun>()).ToArray();
        for (var round = 1; round <= options.Rounds; round++)
        {
            for (var i = 0; i < legs.Length; i++)
            {
                runs[i].Add(await MeasureAsync(stage, legs[i], quiet, cancellationToken));
                Report.Progress($"round {round}, {legs[i].Title}: {Report.Number(runs[i][^1].Synced)} s");
            }
        }

        report.Section("Times");
        report.Note("Seconds: the median of the rounds; in parentheses each round.");
        var times = new Table("who starts", "ready", "all in sync", "Calico is right", "the slowest less the floor's");
        var writes = new Table("who starts", "sets that changed", "needed writes", "needless writes");
        for (var i = 0; i < legs.Length; i++)
        {
            times.Add(
                legs[i].Title, Text(runs[i], run => run.Ready), Text(runs[i], run => run.Synced), Text(runs[i], run => run.Right),
                i == 0 ? "" : Report.Number(runs[i].Select(run => run.Slowest).Median() - runs[0].Select(run => run.Slowest).Median()));
            writes.Add(
                legs[i].Title, Report.Number(runs[i].Sum(run => run.Changed), 0), Report.Number(runs[i].Sum(run => run.Needed), 0), Report.Number(runs[i].Sum(run => run.Needless), 0));
        }

        report.Add(times);
        report.Section("Writes");
        report.Note("Of all rounds together.");
        report.Add(writes);
    }

    private static async Task<ColdRun> MeasureAsync(GridStage stage, Leg leg, TimeSpan quiet, CancellationToken cancellationToken)
    {
        // Every leg starts on a membership that it has not left behind in pieces itself.
        await using var silos = new SiloGroup(stage, "cold-start", leg.Clustering);
        await silos.StartAsync(SiloGroup.Names(leg.Silos));
        await silos.WhenReadyAsync();
        await silos.WhenSyncedAsync();
        await using (var before = await GridObserver.StartAsync(stage.Local, stage.Truth, cancellationToken))
            await before.WhenRightAsync(SiloGroup.Timeout, silos.Tails);

        await silos.KillAsync();
        var changed = await ChangeAsync(stage, cancellationToken);
        await using var observer = await GridObserver.StartAsync(stage.Local, stage.Truth, cancellationToken);
        if (leg.AtOtherAddresses)
            silos.Readdress();
        var start = await silos.StartAsync(SiloGroup.Names(leg.Silos));
        var right = observer.WhenRightAsync(SiloGroup.Timeout, silos.Tails);
        var ready = await silos.WhenReadyAsync();
        var synced = await silos.WhenSyncedAsync();
        var rightAt = await right;
        await Task.Delay(quiet, TimeProvider.System, cancellationToken);
        var writes = observer.Writes;
        await silos.TerminateAsync();
        var needed = writes.Select(write => write.ObjectName).Where(changed.Contains).Distinct().Count();
        return new ColdRun(Seconds(start, ready), Seconds(start, synced), Seconds(start, rightAt), changed.Count, needed, writes.Count - needed);
    }

    /// <summary>Answers the objects whose sets have changed.</summary>
    private static async Task<HashSet<string>> ChangeAsync(GridStage stage, CancellationToken cancellationToken)
    {
        var sets = stage.Clusters.SelectMany(cluster => cluster.Pods).GroupBy(pod => pod.ObjectName).Select(set => set.ToList()).ToList();
        var chosen = sets.Where((_, i) => i % ChangedEach == 0).ToList();
        for (var i = 0; i < chosen.Count; i++)
            await ChangeAsync(stage, chosen[i], (Change)(i % 3), cancellationToken);
        return [.. chosen.Select(set => set[0].ObjectName)];
    }

    private static async Task ChangeAsync(GridStage stage, List<GridPod> set, Change change, CancellationToken cancellationToken)
    {
        var pods = set[0].Cluster.Pods;
        // What one leg adds or removes, the next undoes, so that sets neither grow nor run dry.
        if (change != Change.Address && set.Count != stage.Size.Pods)
            change = set.Count < stage.Size.Pods ? Change.Addition : Change.Removal;
        switch (change)
        {
            case Change.Address:
                await stage.Pods.MoveAsync(set[0], cancellationToken);
                break;
            case Change.Addition:
                var added = await stage.Pods.CreateAsync(set[0], cancellationToken);
                await stage.Pods.MoveAsync(added, cancellationToken);
                pods.Add(added);
                break;
            case Change.Removal:
                await stage.Pods.DeleteAsync(set[^1], cancellationToken);
                pods.Remove(set[^1]);
                break;
        }
    }

    private static double Seconds(long from, long to) => (to - from) / (double)Stopwatch.Frequency;

    private static string Text(List<ColdRun> runs, Func<ColdRun, double> seconds) =>
        $"{Report.Number(runs.Select(seconds).Median())} ({string.Join(", ", runs.Select(run => Report.Number(seconds(run))))})";

    private enum Change
    {
        Address,
        Addition,
        Removal,
    }

    private sealed record Leg(string Title, string Clustering, int Silos, bool AtOtherAddresses);

    /// <summary>Seconds, sets and writes.</summary>
    private sealed record ColdRun(double Ready, double Synced, double Right, int Changed, int Needed, int Needless)
    {
        public double Slowest => Math.Max(Math.Max(Ready, Synced), Right);
    }
}
