using System.Collections.Immutable;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>Compares what is wanted of a set with its objects in Calico. Pure.</summary>
public static class SetComparison
{
    /// <summary>True when the objects are what would be written: then no call to the set's grain is needed.</summary>
    public static bool IsInSync(
        NetworkSetKey key, IReadOnlyCollection<PodAddress> wanted, ImmutableArray<NetworkSetObject> objects, WriteRules rules)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(rules);
        NamingConvention.TryGet(rules.Convention, out var convention);
        var standing = 0;
        var found = new HashSet<PodAddress>();
        foreach (var seen in objects)
        {
            var named = NamingConvention.TryGetShard(key, seen.Name, out var shard);
            if (Ownership.Judge(seen, key, rules.ServiceId) != ObjectClaim.Ours)
            {
                // In the way is only what has a name that something is wanted under.
                if (named && wanted.Count > 0)
                    return false;
                continue;
            }

            // Waits for a finalizer, and holds nothing: as good as gone.
            if (seen is { Deleting: true, Nets.IsEmpty: true, NetsExact: true })
                continue;
            if (!named || seen.Nets.IsEmpty)
                return false;
            var write = new NetworkSetWrite
            {
                Key = key,
                Shard = shard,
                Convention = convention!,
                ServiceId = rules.ServiceId,
                Nets = seen.Nets,
                OnRemoval = rules.Retain ? RemovalMarks.Retain : null,
                RemovalStarted = shard == 0 ? rules.RemovalStarted : null,
            };
            if (!Ownership.IsExact(seen, write) || seen.Nets.Length > rules.MaxNetsPerObject)
                return false;
            standing += seen.Nets.Length;
            found.UnionWith(seen.Nets);
        }

        return standing == wanted.Count && found.Count == wanted.Count && wanted.All(found.Contains);
    }
}
