namespace KubePolicySemaphore.Grains.Configuration;

/// <summary>All of the configuration that the grains need: one immutable snapshot.</summary>
public sealed record GridOptions
{
    /// <summary>The remote clusters.</summary>
    public required ValueList<ClusterOptions> Clusters { get; init; }

    /// <summary>This grid's mark on its objects. <value>kube-policy-semaphore</value></summary>
    public string ServiceId { get; init; } = "kube-policy-semaphore";

    /// <summary>How often each set is compared with Calico in full. <value>1 hour</value></summary>
    public TimeSpan FullStoreResyncPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often each remote is listed anew. <value>1 hour</value></summary>
    public TimeSpan PodResyncPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the sets of a cluster stay that has left the configuration. <value>10 minutes</value></summary>
    public TimeSpan RemovalGracePeriod { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How many nets stand in one object at most. <value>500</value></summary>
    public int MaxNetsPerObject { get; init; } = 500;

    /// <summary>True when nothing is written at all.</summary>
    public bool DryRun { get; init; }

    /// <summary>The entry of that name, or null.</summary>
    public ClusterOptions? Find(string cluster) => Clusters.FirstOrDefault(entry => entry.Name == cluster);
}
