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
            if (Ownership.Judge(seen, key, rules.ServiceId) != ObjectClaim.Ours)
            {
                // What nobody wants to write is in nobody's way.
                if (wanted.Count > 0)
                    return false;
                continue;
            }

            if (!NamingConvention.TryGetShard(key, seen.Name, out var shard))
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
            // An object that waits for a finalizer is as good as gone once it holds nothing.
            if (seen.Nets.IsEmpty && !seen.Deleting)
                return false;
            standing += seen.Nets.Length;
            found.UnionWith(seen.Nets);
        }

        return standing == wanted.Count && found.Count == wanted.Count && wanted.All(found.Contains);
    }
}
