using System.Diagnostics;
using KubePolicySemaphore.Bench.Grid;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>How long a pod's address takes into Calico when the silo that watches its cluster dies or leaves.</summary>
internal sealed class Failover : IBenchmark
{
    private const double MaxKillSeconds = 10;
    private const double MaxDrainSeconds = 1;
    private const int Silos = 3;

    private static readonly GridSize Size = new(6, 4, 10);
    private static readonly TimeSpan ChangePeriod = TimeSpan.FromMilliseconds(100);

    // About what a drain takes, until its clusters are in sync elsewhere.
    private static readonly TimeSpan CalmWindow = TimeSpan.FromSeconds(5);

    private static readonly string[] Headings = ["time of", "samples", "min", "p50", "p100", "p100 less floor's", "target", "within"];

    public string Name => "failover";

    public string Title => "Failover";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var faults = options.Quick ? 2 : 20;
        report.Note(
            $"""
            How long does a new address take into Calico when a silo dies or leaves? {Silos} silos of one grid, the published program with its
            defaults and its membership in the local API server, {Size.Clusters} cluster entries on two remote API servers, {Report.Number(Size.AllPods, 0)} pods in
            {Size.AllSets} sets. Times are from the API server's answer that a pod has the address, to the moment an independent watch of Calico
            shows it. Each silo has its turn, {faults} times in all; it is started again once all was measured, and the next is not touched
            before every silo tells that all clusters are in sync and evenly spread, and Calico shows what the pods have.
            *Kill*: right after a `kill -9` one pod of each cluster that the silo watched becomes ready, and one of each other cluster.
            Target: at most {Report.Number(MaxKillSeconds, 0)} s. *Drain*: a pod of each of its clusters changes at the SIGTERM, then one of them each {Report.Number(ChangePeriod.TotalMilliseconds, 0)} ms
            until the process has ended and the others tell that all is in sync; what counts is the longest of each drain. Target: at most {Report.Number(MaxDrainSeconds, 0)} s, which is no gap.
            *Floor*: the same before each fault, with all silos up; for the drains the longest of {Report.Number(CalmWindow.TotalSeconds, 0)} s.
            Servers, silos and the benchmark share {Environment.ProcessorCount} cores: a silo that takes clusters over has to wait for a processor as
            all others do, so each figure is an upper bound of what it is with a machine for each.
            """);

        await using var stage = await GridStage.StartAsync(Size, cancellationToken);
        await using var silos = new SiloGroup(stage, "failover");
        await using var observer = await GridObserver.StartAsync(stage.Local, stage.Truth, cancellationToken);
        await silos.StartAsync(SiloGroup.Names(Silos));
        await silos.WhenReadyAsync();
        await SettleAsync(silos, observer);

        var kills = new KillSamples();
        for (var i = 0; i < faults; i++)
            await KillAsync(stage, silos, observer, SiloGroup.Names(Silos)[i % Silos], kills, cancellationToken);
        var harmOfKills = observer.Harm;
        var loadOfKills = await MachineFacts.LoadAsync();
        WriteKills(report, kills);

        var drains = new DrainSamples();
        for (var i = 0; i < faults; i++)
            await DrainAsync(stage, silos, observer, SiloGroup.Names(Silos)[i % Silos], drains, cancellationToken);
        WriteDrains(report, drains);
        WriteHarm(report, faults, ("kills", harmOfKills, loadOfKills), ("drains", observer.Harm - harmOfKills, await MachineFacts.LoadAsync()));
    }

    private static async Task KillAsync(
        GridStage stage, SiloGroup silos, GridObserver observer, string victim, KillSamples samples, CancellationToken cancellationToken)
    {
        var orphans = await WatchedByAsync(stage, silos, victim);
        var (before, after, others) = (new List<GridPod>(), new List<GridPod>(), new List<GridPod>());
        foreach (var cluster in stage.Clusters)
        {
            before.Add(await stage.Pods.CreateAsync(cluster.Pods[0], cancellationToken));
            (orphans.Contains(cluster) ? after : others).Add(await stage.Pods.CreateAsync(cluster.Pods[^1], cancellationToken));
        }

        samples.Floor.AddRange(await MeasureAsync(stage, observer, before, cancellationToken));
        await SettleAsync(silos, observer);

        await silos[victim].KillAsync();
        var killed = Stopwatch.GetTimestamp();
        var ofOthers = MeasureAsync(stage, observer, others, cancellationToken);
        var ofOrphans = await MeasureAsync(stage, observer, after, cancellationToken);
        samples.Orphans.AddRange(ofOrphans);
        samples.Others.AddRange(await ofOthers);
        await silos.WhenEvenAsync();
        samples.Healed.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
        await RestartAsync(silos, observer, victim);
        Report.Progress($"killed {victim}: {Report.Number(ofOrphans.Max(), 2)} s");
    }

    private static async Task DrainAsync(
        GridStage stage, SiloGroup silos, GridObserver observer, string victim, DrainSamples samples, CancellationToken cancellationToken)
    {
        var clusters = await WatchedByAsync(stage, silos, victim);
        var calm = Task.Delay(CalmWindow, TimeProvider.System, cancellationToken);
        samples.Floor.Add(await ChangeUntilAsync(calm, stage, observer, clusters, cancellationToken));
        await SettleAsync(silos, observer);

        var start = Stopwatch.GetTimestamp();
        var left = LeaveAsync(silos, victim);
        samples.Drain.Add(await ChangeUntilAsync(left, stage, observer, clusters, cancellationToken));
        await left;
        samples.Seconds.Add((silos[victim].EndedAt - start) / (double)Stopwatch.Frequency);
        await RestartAsync(silos, observer, victim);
        Report.Progress($"drained {victim} in {Report.Number(samples.Seconds[^1], 2)} s: {Report.Number(samples.Drain[^1].Max(), 2)} s");
    }

    private static Task<double[]> MeasureAsync(GridStage stage, GridObserver observer, IEnumerable<GridPod> pods, CancellationToken cancellationToken) =>
        Task.WhenAll(pods.Select(pod => stage.Pods.MeasureAsync(pod, observer, cancellationToken)));

    /// <summary>Changes one pod of each cluster at once, then one of them after the other.</summary>
    private static async Task<double[]> ChangeUntilAsync(
        Task end, GridStage stage, GridObserver observer, GridCluster[] clusters, CancellationToken cancellationToken)
    {
        var changes = clusters.Select(cluster => stage.Pods.MeasureAsync(NextOf(cluster, 0), observer, cancellationToken)).ToList();
        for (var i = 0; !end.IsCompleted; i++)
        {
            await Task.Delay(ChangePeriod, TimeProvider.System, cancellationToken);
            changes.Add(stage.Pods.MeasureAsync(NextOf(clusters[i % clusters.Length], i), observer, cancellationToken));
        }

        return await Task.WhenAll(changes);
    }

    // An address that is replaced before Calico shows it may never be seen there.
    private static GridPod NextOf(GridCluster cluster, int number) =>
        Enumerable.Range(number, cluster.Pods.Count).Select(i => cluster.Pods[i % cluster.Pods.Count]).First(pod => !pod.IsChanging);

    private static async Task<GridCluster[]> WatchedByAsync(GridStage stage, SiloGroup silos, string silo)
    {
        var watched = (await silos[silo].ClustersAsync()).Where(cluster => cluster.Silo == silo).Select(cluster => cluster.Name).ToHashSet(StringComparer.Ordinal);
        return [.. stage.Clusters.Where(cluster => watched.Contains(cluster.Name))];
    }

    private static async Task LeaveAsync(SiloGroup silos, string silo)
    {
        await silos[silo].TerminateAsync();
        await silos.WhenEvenAsync();
    }

    private static async Task RestartAsync(SiloGroup silos, GridObserver observer, string silo)
    {
        await silos.StartAsync(silo);
        await silos.WhenReadyAsync();
        await SettleAsync(silos, observer);
    }

    private static async Task SettleAsync(SiloGroup silos, GridObserver observer)
    {
        await silos.WhenEvenAsync();
        await observer.WhenRightAsync(SiloGroup.Timeout, silos.Tails);
    }

    private static void WriteKills(Report report, KillSamples samples)
    {
        report.Section("kill −9");
        report.Note(
            """
            Seconds, of all pods; below 0 Calico showed the address before the server's answer was here. *Healed* is when every silo that lives
            told that all clusters were in sync and evenly spread over them, from the kill on.
            """);
        var table = new Table(Headings);
        Add(table, "all silos up: floor", samples.Floor);
        Add(table, "of the dead silo's clusters", samples.Orphans, samples.Floor, MaxKillSeconds);
        Add(table, "of the others' clusters", samples.Others, samples.Floor);
        Add(table, "healed", samples.Healed);
        report.Add(table);
    }

    private static void WriteDrains(Report report, DrainSamples samples)
    {
        report.Section("Drain");
        report.Note(
            $"""
            Seconds; the longest of each drain ({samples.Drain.Sum(drain => drain.Length)} changes in all), and of each window before it ({samples.Floor.Sum(window => window.Length)} changes).
            *Ended* is when the process was gone, from the SIGTERM on.
            """);
        var table = new Table(Headings);
        double[] floor = [.. samples.Floor.Select(window => window.Max())];
        Add(table, "all silos up: floor", floor);
        Add(table, "drain", [.. samples.Drain.Select(drain => drain.Max())], floor, MaxDrainSeconds);
        Add(table, "ended", samples.Seconds);
        report.Add(table);
    }

    private static void Add(
        Table table, string title, IReadOnlyCollection<double> samples, IReadOnlyCollection<double>? floor = null, double? target = null) => table.Add(
        title, Report.Number(samples.Count, 0), Report.Number(samples.Min(), 3), Report.Number(samples.Median(), 3), Report.Number(samples.Max(), 3),
        floor is null ? "" : Report.Number(samples.Max() - floor.Max(), 3),
        target is null ? "" : $"≤ {Report.Number(target, 0)}",
        target is null ? "" : $"{samples.Count(seconds => seconds <= target)} of {samples.Count}");

    private static void WriteHarm(Report report, int faults, params (string During, GridHarm Harm, string Load)[] phases)
    {
        report.Section("What went wrong in Calico");
        report.Note(
            """
            Seen by the same watch. Targets: 0. The *load average* is that of the last minute of it, of the whole machine: far above the number of
            cores, others were at work too, and the times above say more of them.
            """);
        var table = new Table("during", "faults", "addresses taken from pods that had them", "sets deleted or emptied that had pods", "load average");
        foreach (var (during, harm, load) in phases)
            table.Add(during, Report.Number(faults, 0), Report.Number(harm.TakenAddresses, 0), Report.Number(harm.LostSets, 0), load);
        report.Add(table);
    }

    /// <summary>Seconds.</summary>
    private sealed class KillSamples
    {
        public List<double> Floor { get; } = [];

        public List<double> Orphans { get; } = [];

        public List<double> Others { get; } = [];

        /// <summary>One for each kill.</summary>
        public List<double> Healed { get; } = [];
    }

    /// <summary>Seconds; of the changes a list for each drain.</summary>
    private sealed class DrainSamples
    {
        public List<double[]> Floor { get; } = [];

        public List<double[]> Drain { get; } = [];

        public List<double> Seconds { get; } = [];
    }
}
