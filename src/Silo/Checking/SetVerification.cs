using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Compares pods with objects, by the rules of the grains and nothing else of them.</summary>
internal static class SetVerification
{
    /// <summary>Every difference between the pods of one cluster and its objects.</summary>
    public static IEnumerable<Difference> Compare(
        ClusterOptions cluster, string serviceId, IReadOnlyList<PodBatch> pods, IReadOnlyList<NetworkSetObject> objects)
    {
        var index = new PodIndex(MembershipRules.For(cluster));
        index.Relist(pods, now: 0);
        var wanted = index.Sets.Where(set => set.NetCount > 0).ToDictionary(set => set.Key, set => set.Nets.ToHashSet());
        // What somebody else owns is not ours to count, whatever its labels say.
        var ours = objects.Where(seen => seen.Key?.Cluster == cluster.Name && Ownership.Judge(seen, seen.Key.Value, serviceId) == ObjectClaim.Ours)
            .ToLookup(seen => seen.Key!.Value);
        return wanted.Keys.Union(ours.Select(set => set.Key)).OrderBy(key => key.ToString(), StringComparer.Ordinal)
            .SelectMany(key => CompareSet(key, wanted.GetValueOrDefault(key, []), [.. ours[key]], cluster.Convention.ManagedBy));
    }

    /// <summary>Objects with this grid's mark of clusters that have left the configuration, and are not to stay.</summary>
    public static IEnumerable<Difference> Leaving(GridOptions grid, IReadOnlyList<NetworkSetObject> objects) => objects
        .Where(seen => seen.Owner == grid.ServiceId && seen.OnRemoval != RemovalMarks.Retain && seen.Key is { } key && grid.Find(key.Cluster) is null)
        .Select(seen => new Difference("leaving", seen.Key!.Value, null, seen.Name));

    private static IEnumerable<Difference> CompareSet(
        NetworkSetKey key, HashSet<PodAddress> wanted, IReadOnlyList<NetworkSetObject> objects, string managedBy)
    {
        var held = objects.SelectMany(seen => seen.Nets).ToHashSet();
        foreach (var net in NetText.Format(wanted.Except(held)))
            yield return new("missing", key, net, objects.Count == 0 ? null : objects[0].Name);
        foreach (var seen in objects)
        {
            foreach (var net in NetText.Format(seen.Nets.Except(wanted)))
                yield return new("extra", key, net, seen.Name);
            if (!seen.NetsExact || seen.ManagedBy != managedBy)
                yield return new("inexact", key, null, seen.Name);
            else if (wanted.Count == 0 && seen.Nets.IsEmpty)
                yield return new("extra", key, null, seen.Name);
        }
    }
}
