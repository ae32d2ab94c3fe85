using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>From pods to sets.</summary>
internal static class IndexPaths
{
    private const int EventCount = 1_000;

    public static IEnumerable<HotPath> Of(PodFleet fleet)
    {
        var pages = FleetBatches.Pages(fleet);
        var index = new PodIndex(new MembershipRules { Cluster = PodFleet.Cluster });
        var changed = new List<MemberSet>();
        index.Relist(pages, now: 0);
        Take(index, changed);

        var next = 0;
        var heartbeats = fleet.Pods.Take(EventCount).Select(FleetBatches.Event).ToArray();
        yield return new("index: event of a known pod that changes nothing", 1, () => index.Apply(heartbeats[next++ % EventCount], now: 1));

        PodBatch[] moves = [.. Enumerable.Range(0, 2).Select(_ => FleetBatches.Event(fleet.Pods[0] with { Addresses = [fleet.TakeAddress()] }))];
        yield return new("index: event with another address, change taken for its set", 1, () =>
        {
            index.Apply(moves[next++ % moves.Length], now: 1);
            Take(index, changed);
        });

        yield return new("index: pod of a complete list that changes nothing", fleet.Pods.Count, () => index.Relist(pages, now: 1));
    }

    private static void Take(PodIndex index, List<MemberSet> changed)
    {
        index.TakeChanged(changed);
        foreach (var set in changed)
            set.TakeChanges();
        changed.Clear();
    }
}
