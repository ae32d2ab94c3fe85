using KubePolicySemaphore.Grains.Configuration;
using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Where each watcher belongs, by this silo's configuration and its view of the membership. Thread-safe.</summary>
internal sealed class WatcherSeats(
    IGridConfiguration configuration, ISiloStatusOracle silos, ILocalSiloDetails local, SiloDrain drain)
{
    private volatile Plan? _plan;

    /// <summary>The other silo that the cluster's watcher should be on; null when it is where it belongs.</summary>
    public SiloAddress? Elsewhere(string cluster)
    {
        // Oracle and membership may lag behind: while this silo is not active nothing is concluded.
        if (silos.CurrentStatus != SiloStatus.Active)
            return null;
        var silo = SiloOf(cluster, [.. Active]);
        return silo == local.SiloAddress ? null : silo;
    }

    /// <summary>The name that a silo has, which it keeps over restarts; null when it is not known.</summary>
    public string? SiloNameOf(SiloAddress silo) => silos.TryGetSiloName(silo, out var name) ? name : null;

    /// <summary>Another active silo that has one of these names; null when there is none.</summary>
    public SiloAddress? Find(IReadOnlyCollection<string> names) =>
        Active.FirstOrDefault(silo => silo != local.SiloAddress && SiloNameOf(silo) is { } name && names.Contains(name));

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

    private IEnumerable<SiloAddress> Active => silos.GetApproximateSiloStatuses(onlyActive: true).Keys;

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
