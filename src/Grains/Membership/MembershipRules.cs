using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Membership;

/// <summary>What decides whether a pod is a member of the set that it names, and with which addresses.</summary>
public sealed record MembershipRules
{
    /// <summary>The remote cluster, first part of each object's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Only addresses in one of these count; empty: any.</summary>
    public ValueList<Cidr> AllowedCidrs { get; init; } = [];

    /// <summary>True when pods on their node's network count.</summary>
    public bool IncludeHostNetwork { get; init; }

    /// <summary>More sets than this are refused.</summary>
    public int MaxSets { get; init; } = int.MaxValue;

    /// <summary>More nets than this, summed over the sets, are refused.</summary>
    public int MaxNets { get; init; } = int.MaxValue;

    /// <summary>More pods than this are not even remembered.</summary>
    public int MaxPods { get; init; } = int.MaxValue;

    /// <summary>The rules of a cluster entry.</summary>
    public static MembershipRules For(ClusterOptions cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        return new()
        {
            Cluster = cluster.Name,
            AllowedCidrs = cluster.AllowedCidrs,
            IncludeHostNetwork = cluster.IncludeHostNetwork,
            MaxSets = cluster.MaxSets,
            MaxNets = cluster.MaxNets,
            // Skipped pods are remembered too, to tell why; twice the nets leaves room for them and bounds memory.
            MaxPods = (int)Math.Min(int.MaxValue, (cluster.MaxNets * 2L) + 10_000),
        };
    }

    /// <summary>Judges a pod by all but its addresses and the quotas.</summary>
    internal SkipReason Judge(in Pods.PodView pod)
    {
        if ((pod.Traits & Pods.PodTraits.Finished) != 0)
            return SkipReason.Finished;
        if ((pod.Traits & Pods.PodTraits.HostNetwork) != 0 && !IncludeHostNetwork)
            return SkipReason.HostNetwork;
        return NamingConvention.CheckSetName(Cluster, pod.Namespace, pod.SetName) switch
        {
            SetNameFault.None => SkipReason.None,
            SetNameFault.Missing => SkipReason.NoSetName,
            _ => SkipReason.InvalidSetName,
        };
    }

    /// <summary>True when the address is within the allowed ranges.</summary>
    internal bool Allows(PodAddress address)
    {
        if (AllowedCidrs.Count == 0)
            return true;
        for (var i = 0; i < AllowedCidrs.Count; i++)
        {
            if (AllowedCidrs[i].Contains(address))
                return true;
        }

        return false;
    }
}
