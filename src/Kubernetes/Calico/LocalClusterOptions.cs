using KubePolicySemaphore.Grains.Configuration;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>The cluster whose GlobalNetworkSets are written.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>How its API server is reached.</summary>
    /// <value>As a pod of the cluster itself.</value>
    public ConnectionOptions Connection { get; init; } = new();

    /// <summary>Which of Calico's APIs is used.</summary>
    /// <value><see cref="CalicoApiChoice.Auto"/>.</value>
    public CalicoApiChoice CalicoApi { get; init; }
}
