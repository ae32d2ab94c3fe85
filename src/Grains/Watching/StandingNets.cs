using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>What our objects of a cluster's sets hold in Calico, beside what an index of the cluster's pods wants there.</summary>
internal sealed class StandingNets(string cluster, NetworkSetCatalog catalog)
{
    /// <summary>The addresses that stand in the objects of one set.</summary>
    /// <param name="key">The set.</param>
    /// <param name="serviceId">The grid whose objects are ours.</param>
    public IEnumerable<PodAddress> Of(NetworkSetKey key, string serviceId) => catalog.ObjectsOf(key)
        .Where(seen => Ownership.Judge(seen, key, serviceId) == ObjectClaim.Ours)
        .SelectMany(seen => seen.Nets)
        .Distinct();

    /// <summary>How many addresses stand, and how many of them no member of their set has.</summary>
    public (int Standing, int Strays) Count(PodIndex index, string serviceId)
    {
        var (standing, strays) = (0, 0);
        foreach (var key in catalog.KeysOf(cluster))
        {
            var set = index.Find(key);
            foreach (var net in Of(key, serviceId))
            {
                standing++;
                strays += set?.Contains(net) == true ? 0 : 1;
            }
        }

        return (standing, strays);
    }

    /// <summary>
    /// The watcher before this one may have ended between a pod's move and the write of its new set: the address must not be
    /// taken out of the old set first.
    /// </summary>
    public void HoldWhatMoved(PodIndex index, string serviceId, long now)
    {
        var strays = catalog.KeysOf(cluster)
            .SelectMany(key => Of(key, serviceId), (key, net) => (Set: index.GetOrAdd(key), Net: net))
            .Where(standing => !standing.Set.Contains(standing.Net))
            .ToLookup(stray => stray.Net, stray => stray.Set);
        index.HoldWhatMoved(strays, (set, net) => Of(set.Key, serviceId).Contains(net), now);
    }
}
