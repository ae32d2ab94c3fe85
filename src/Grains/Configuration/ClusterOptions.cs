using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Configuration;

/// <summary>One remote cluster of the configuration, validated, with all defaults filled in. Equal when nothing changed.</summary>
public sealed record ClusterOptions
{
    /// <summary>A DNS-1123 label, unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>How the remote API server is reached.</summary>
    public required ConnectionOptions Connection { get; init; }

    /// <summary>How sets are named and labelled.</summary>
    public NamingConvention Convention { get; init; } = NamingConvention.KubePolicySemaphore;

    /// <summary>Selects the pods that are watched, in the API server's own syntax.</summary>
    public string LabelSelector { get; init; } = NamingConvention.KubePolicySemaphore.DefaultLabelSelector;

    /// <summary>Where a pod's set name stands.</summary>
    public SetNameSource SetNameSource { get; init; } = NamingConvention.KubePolicySemaphore.DefaultSource;

    /// <summary>Namespaces to watch, each by its own list and watch. Empty: all, by one.</summary>
    public ValueList<string> Namespaces { get; init; } = [];

    /// <summary>Only addresses in one of these count. Empty: any, which draws a warning.</summary>
    public ValueList<Cidr> AllowedCidrs { get; init; } = [];

    /// <summary>True when pods on their node's network count, with the node's address.</summary>
    public bool IncludeHostNetwork { get; init; }

    /// <summary>More sets than this are refused. <value>10,000</value></summary>
    public int MaxSets { get; init; } = 10_000;

    /// <summary>More nets than this, summed over the cluster's sets, are refused. <value>200,000</value></summary>
    public int MaxNets { get; init; } = 200_000;

    /// <summary>True when nothing is written for this cluster.</summary>
    public bool DryRun { get; init; }

    /// <summary>How long a list that takes away more than half is held back; zero turns it off. <value>5 minutes</value></summary>
    public TimeSpan MassRemovalHold { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After so long without contact the cluster's sets go; null: never.</summary>
    public TimeSpan? StaleAfter { get; init; }

    /// <summary>What becomes of the sets when the entry leaves the configuration.</summary>
    public OnRemoval OnRemoval { get; init; } = OnRemoval.Delete;
}
