using System.Runtime.CompilerServices;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Reporting;
using KubePolicySemaphore.Grains.Membership;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>What a pod costs in the index of a watcher.</summary>
internal sealed class IndexMemory : IBenchmark
{
    private const double MaxBytesPerPod = 400;

    public string Name => "index-memory";

    public string Title => "Memory of the index";

    public bool NeedsServers => false;

    public Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        report.Note(
            $"""
            Managed memory that an index keeps after a complete list, by full collections before and after: pods, their names,
            sets, and addresses. Target: at most {Report.Number(MaxBytesPerPod, 0)} bytes per pod in all.
            """);
        var table = new Table("pods / sets", "mean name length", "MB", "bytes per pod");
        (int Pods, int Sets)[] sizes = options.Quick ? [(5_000, 500)] : [(50_000, 50), (50_000, 500), (50_000, 5_000), (50_000, 50_000)];
        foreach (var (pods, sets) in sizes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var fleet = new PodFleet(pods, sets);
            var bytes = Measure(fleet);
            table.Add(
                $"{Report.Number(pods, 0)} / {Report.Number(sets, 0)}",
                Report.Number(fleet.Pods.Average(pod => pod.Name.Length)),
                Report.Number(bytes / 1e6),
                Report.Number((double)bytes / pods, 0));
        }

        report.Add(table);
        return Task.CompletedTask;
    }

    private static long Measure(PodFleet fleet)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = Fill(fleet);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(index);
        GC.KeepAlive(fleet);
        return after - before;
    }

    // In a frame of its own, so that nothing but the index is alive afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static PodIndex Fill(PodFleet fleet)
    {
        var index = new PodIndex(new MembershipRules { Cluster = PodFleet.Cluster });
        index.Relist(FleetBatches.Pages(fleet), now: 0);
        if (index.Members != fleet.Pods.Count)
            throw new InvalidOperationException($"{index.Members} of {fleet.Pods.Count} pods are members");
        // As the feeder does once it has sent them.
        var changed = new List<MemberSet>();
        index.TakeChanged(changed);
        foreach (var set in changed)
            set.TakeChanges();
        return index;
    }
}
