using KubePolicySemaphore.Grains.Configuration;
using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Where each watcher belongs, by this silo's configuration and its view of the membership. Thread-safe.</summary>
internal sealed class WatcherSeats(
    IGridConfiguration configuration, ISiloStatusOracle silos, ILocalSiloDetails local, SiloDrain drain)
{
    private volatile Plan? _plan;

    /// <summary>True when the cluster's watcher should be on another silo than this one.</summary>
    public bool BelongsElsewhere(string cluster)
    {
        // Oracle and membership may lag behind: while this silo is not active nothing is concluded.
        if (silos.CurrentStatus != SiloStatus.Active)
            return false;
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys;
        return SiloOf(cluster, [.. active]) != local.SiloAddress;
    }

    /// <summary>The silo for the cluster.</summary>
    /// <param name="cluster">Its name; one that is not in the configuration has a place too.</param>
    /// <param name="candidates">Active silos, at least one.</param>
    public SiloAddress SiloOf(string cluster, SiloAddress[] candidates)
    {
        // A silo that leaves takes nothing new, unless it is the last.
        if (drain.HasBegun && candidates.Length > 1)
            candidates = [.. candidates.Where(silo => silo != local.SiloAddress)];
        var byName = candidates.GroupBy(NameOf, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Max()!, StringComparer.Ordinal);
        var plan = PlanFor(configuration.Current, byName.Keys);
        return byName[plan.SiloOf.GetValueOrDefault(cluster) ?? WatcherAssignment.Preferred(cluster, byName.Keys)];
    }

    private Plan PlanFor(GridOptions grid, IReadOnlyCollection<string> names)
    {
        if (_plan is { } known && ReferenceEquals(known.Grid, grid) && known.Silos.SetEquals(names))
            return known;
        return _plan = new Plan(
            grid, names.ToHashSet(StringComparer.Ordinal), WatcherAssignment.Assign(grid.Clusters.Select(cluster => cluster.Name), names));
    }

    // Without the generation: a silo that restarts at its address gets its watchers back.
    private static string NameOf(SiloAddress silo) => silo.Endpoint.ToString();

    private sealed record Plan(GridOptions Grid, HashSet<string> Silos, Dictionary<string, string> SiloOf);
}
