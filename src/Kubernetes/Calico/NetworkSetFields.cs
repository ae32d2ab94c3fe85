using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>What has been read of one GlobalNetworkSet.</summary>
internal struct NetworkSetFields()
{
    public bool IsNetworkSet;
    public string? Name;
    public string? Uid;
    public string? ResourceVersion;
    public bool Deleting;
    public string? ManagedBy;
    public string? ShardLabel;
    public string? Owner;
    public string? OnRemoval;
    public string? RemovalStarted;

    /// <summary>Until the nets have been read to their end, nobody can say that they are what we would write.</summary>
    public bool NetsExact;

    public ImmutableArray<PodAddress> Nets = [];

    /// <summary>Values of the labels that name a set, by <see cref="SetLabelValues.Keys"/>.</summary>
    public SetLabelValues SetLabels;

    /// <summary>The object; null while name, uid or resourceVersion is not known.</summary>
    public readonly NetworkSetObject? ToObject() =>
        Name is null || Uid is null || ResourceVersion is null ? null : new NetworkSetObject
        {
            Name = Name,
            Uid = Uid,
            ResourceVersion = ResourceVersion,
            ManagedBy = ManagedBy,
            Key = KeyOf(),
            ShardLabel = ShardLabel,
            Owner = Owner,
            Nets = Nets,
            NetsExact = NetsExact,
            OnRemoval = OnRemoval,
            RemovalStarted = RemovalStarted,
            Deleting = Deleting,
        };

    private readonly NetworkSetKey? KeyOf()
    {
        if (!NamingConvention.TryGetByManagedBy(ManagedBy, out var convention))
            return null;
        var cluster = SetLabels.Get(convention.Keys.Cluster);
        var podNamespace = SetLabels.Get(convention.Keys.Namespace);
        var name = SetLabels.Get(convention.Keys.Name);
        return cluster is null || podNamespace is null || name is null ? null : new NetworkSetKey(cluster, podNamespace, name);
    }
}
