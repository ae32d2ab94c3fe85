using System.Diagnostics;
using KubePolicySemaphore.Bench.Grid;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Reporting;
using KubePolicySemaphore.TestBench;
using Orleans.Configuration;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>What a grid's membership asks of the local API server.</summary>
internal sealed class MembershipCost : IBenchmark
{
    private const string Resource = "orleansclusters";
    private const int Published = 3;

    // etcd refuses a larger request, unless told otherwise.
    private const int MaxBytes = 1_500_000;

    // Silos that join one by one need no second try for the table's version.
    private const int JoinAtOnce = 2;

    private static readonly TimeSpan JoinTimeout = TimeSpan.FromMinutes(5);

    public string Name => "membership-cost";

    public string Title => "Cost of the membership";

    public bool NeedsServers => true;

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var (window, calm) = options.Quick ? (TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5)) : (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(60));
        int[] sizes = options.Quick ? [10] : [10, 50];
        await using var stage = await GridStage.StartAsync(new GridSize(3, 1, 1), cancellationToken);
        await using var model = BareSilo.Create(stage, "model", 0);
        var settings = model.Settings;
        report.Note(
            $"""
            What does it cost the local API server that silos find each other by an object in it? Requests of {Resource} that it
            counted itself (`apiserver_request_total`) in a window of {Report.Number(window.TotalSeconds, 0)} s, {Report.Number(calm.TotalSeconds, 0)} s after the last silo had joined: nobody
            comes, goes or is suspected, so the *changes* of the table are to be 0. {Published} silos are the published program; more of them are
            silos of Orleans in the process of the benchmark, with the membership and the settings that the program has, and nothing else.
            *Floor*: what those settings ask of any membership table, a heartbeat each {Report.Number(settings.IAmAliveTablePublishTimeout.TotalSeconds, 0)} s and a read each
            {Report.Number(settings.TableRefreshTimeout.TotalSeconds, 0)} s of each silo. It is counted, not timed: that all share {Environment.ProcessorCount} cores does not change it, unless a silo were too busy
            to answer a probe, which would show as a change of the table.
            *Bytes* are those of the whole object as the server sends it; etcd takes {Report.Number(MaxBytes, 0)}.
            """);

        var table = new Table(
            "silos", "process", "requests/min", "floor/min", "ratio", "reads/min", "writes/min", "refused/min", "changes", "bytes", "bytes per silo", "of etcd's limit");
        await using (var silos = new SiloGroup(stage, $"members-{Published}"))
        {
            await silos.StartAsync(SiloGroup.Names(Published));
            await silos.WhenReadyAsync();
            await silos.WhenEvenAsync();
            Add(table, "program", settings, await MeasureAsync(stage, Published, window, calm, cancellationToken));
            await silos.TerminateAsync();
        }

        foreach (var size in sizes)
            Add(table, "benchmark", settings, await MeasureBareAsync(stage, size, window, calm, cancellationToken));
        report.Add(table);
    }

    private static async Task<Reading> MeasureBareAsync(
        GridStage stage, int size, TimeSpan window, TimeSpan calm, CancellationToken cancellationToken)
    {
        var silos = Enumerable.Range(0, size).Select(i => BareSilo.Create(stage, ClusterId(size), i)).ToArray();
        try
        {
            await Parallel.ForEachAsync(
                silos, new ParallelOptions { MaxDegreeOfParallelism = JoinAtOnce, CancellationToken = cancellationToken },
                async (silo, token) => await silo.StartAsync(token));
            Report.Progress($"{size} silos have started");
            return await MeasureAsync(stage, size, window, calm, cancellationToken);
        }
        finally
        {
            await Parallel.ForEachAsync(silos, CancellationToken.None, async (silo, _) => await silo.DisposeAsync());
        }
    }

    private static async Task<Reading> MeasureAsync(
        GridStage stage, int size, TimeSpan window, TimeSpan calm, CancellationToken cancellationToken)
    {
        using var client = new BareClient(stage.Local);
        MembershipObject before = null!;
        await Deadline.UntilAsync($"{size} silos are members", async () =>
        {
            before = await MembershipObject.ReadAsync(client, ClusterId(size), cancellationToken);
            return before.Active == size;
        }, JoinTimeout, () => $"They are {before.Active}");
        await Task.Delay(calm, TimeProvider.System, cancellationToken);

        // Outside of the window, as it is such a request too.
        before = await MembershipObject.ReadAsync(client, ClusterId(size), cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var counted = await RequestCounts.ReadAsync(client, Resource, cancellationToken);
        await Task.Delay(window, TimeProvider.System, cancellationToken);
        var requests = await RequestCounts.ReadAsync(client, Resource, cancellationToken) - counted;
        var minutes = Stopwatch.GetElapsedTime(start).TotalMinutes;
        var after = await MembershipObject.ReadAsync(client, ClusterId(size), cancellationToken);
        Report.Progress($"{size} silos: {Report.Number(requests.All / minutes)} requests a minute");
        return new Reading(size, minutes, requests, after, after.Version - before.Version);
    }

    private static string ClusterId(int size) => $"members-{size}";

    private static void Add(Table table, string process, ClusterMembershipOptions settings, Reading reading)
    {
        var floor = reading.Silos * (PerMinute(settings.IAmAliveTablePublishTimeout) + PerMinute(settings.TableRefreshTimeout));
        table.Add(
            Report.Number(reading.Silos, 0), process,
            Report.Number(reading.PerMinute(reading.Requests.All)), Report.Number(floor, 0), Report.Number(reading.PerMinute(reading.Requests.All) / floor, 2),
            Report.Number(reading.PerMinute(reading.Requests.Of("GET", "LIST", "WATCH"))),
            Report.Number(reading.PerMinute(reading.Requests.Of("POST", "PUT", "PATCH", "DELETE"))),
            Report.Number(reading.PerMinute(reading.Requests.Refused)),
            Report.Number(reading.Changes, 0),
            Report.Number(reading.Object.Bytes, 0), Report.Number((double)reading.Object.Bytes / reading.Silos, 0),
            $"{Report.Number(100.0 * reading.Object.Bytes / MaxBytes)} %");
    }

    private static double PerMinute(TimeSpan period) => TimeSpan.FromMinutes(1) / period;

    private sealed record Reading(int Silos, double Minutes, RequestCounts Requests, MembershipObject Object, int Changes)
    {
        public double PerMinute(double count) => count / Minutes;
    }
}
