using System.Diagnostics;
using KubePolicySemaphore.Bench.Grid;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>How evenly the clusters are spread over the silos, and what it costs that another silo joins.</summary>
internal sealed class Placement : IBenchmark
{
    private const int Silos = 3;
    private const double MaxDeviation = 20;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public string Name => "placement";

    public string Title => "Placement of the watchers";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var size = options.Quick ? new GridSize(12, 2, 2) : new GridSize(100, 2, 2);
        report.Note(
            $"""
            How evenly are clusters spread over silos, and what happens when one more joins? {size.Clusters} cluster entries on two remote API servers,
            {size.Sets} sets of {size.Pods} pods each; {Silos} silos of one grid, the published program with its membership in the local API server. Once
            nothing has moved for {Report.Number(Rest.TotalSeconds, 0)} s a fourth joins, and {Report.Number(Window.TotalSeconds, 0)} s after it was ready the shares are read again; then it leaves, for the next round.
            *Deviation* is that of the silo farthest from an even share; target: at most ±{Report.Number(MaxDeviation, 0)} %. *Moves* are clusters found on another silo
            than before, as a silo tells it, which asks every two seconds; the *floor* is what an even spread needs at least.
            *Writes* are those of Calico that an independent watch saw from the start of the fourth process to the end of the {Report.Number(Window.TotalSeconds, 0)} s;
            no pod changes, so the target is 0. *Settled* counts from when the fourth silo was ready, until nothing moved and all was in
            sync: {Environment.ProcessorCount} cores, shared with the servers, lengthen this, as every moved watcher lists its cluster anew. They change no other
            column.
            """);

        await using var stage = await GridStage.StartAsync(size, cancellationToken);
        await using var silos = new SiloGroup(stage, "placement");
        await using var observer = await GridObserver.StartAsync(stage.Local, stage.Truth, cancellationToken);
        await silos.StartAsync(SiloGroup.Names(Silos));
        await silos.WhenReadyAsync();
        await silos.WhenSyncedAsync();
        await observer.WhenRightAsync(SiloGroup.Timeout, silos.Tails);

        var table = new Table("state", "round", "watchers of each silo", "deviation", "moves", "floor", "ratio", "writes", "settled s");
        for (var round = 1; round <= options.Rounds; round++)
        {
            var before = await WatcherRecord.WhenSettledAsync(silos, Rest, cancellationToken);
            table.Add($"{Silos} silos", Report.Number(round, 0), Text(before, Silos), Deviation(before, Silos), "", "", "", "", "");
            await JoinAsync(silos, observer, round, size, table, cancellationToken);
            Report.Progress($"round {round} of {options.Rounds} done");
            await silos[Fourth].TerminateAsync();
        }

        report.Add(table);
    }

    private static string Fourth => SiloGroup.Names(Silos + 1)[^1];

    private static async Task JoinAsync(
        SiloGroup silos, GridObserver observer, int round, GridSize size, Table table, CancellationToken cancellationToken)
    {
        var writesBefore = observer.Writes.Count;
        await silos.StartAsync(Fourth);
        // From the start on: watchers move to it before it says that it is ready.
        var window = WindowAsync(silos, cancellationToken);
        var after = await WatcherRecord.TakeAsync(silos[SiloGroup.Names(Silos)[0]], window, cancellationToken);
        var joined = await window;
        var least = size.Clusters / (Silos + 1);
        table.Add(
            "a fourth joined", Report.Number(round, 0), Text(after, Silos + 1), Deviation(after, Silos + 1),
            Report.Number(after.Moves, 0), Report.Number(least, 0), Report.Number((double)after.Moves / least, 2),
            Report.Number(observer.Writes.Count - writesBefore, 0),
            Report.Number(Math.Max(0, (after.SettledAt - joined) / (double)Stopwatch.Frequency)));
    }

    /// <summary>Until so long after all were ready; answers the timestamp at which they were.</summary>
    private static async Task<long> WindowAsync(SiloGroup silos, CancellationToken cancellationToken)
    {
        var ready = await silos.WhenReadyAsync();
        await Task.Delay(Window, TimeProvider.System, cancellationToken);
        return ready;
    }

    private static string Text(WatcherRecord record, int silos) => string.Join(" / ", Shares(record, silos).Select(share => Report.Number(share, 0)));

    private static string Deviation(WatcherRecord record, int silos)
    {
        var even = (double)record.Last.Count / silos;
        var farthest = Shares(record, silos).MaxBy(share => Math.Abs(share - even));
        return $"{(farthest < even ? "−" : "+")}{Report.Number(100 * Math.Abs(farthest - even) / even)} %";
    }

    private static int[] Shares(WatcherRecord record, int silos) => [.. SiloGroup.Names(silos).Select(silo => record.Shares.GetValueOrDefault(silo))];
}
