using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>A pod that changes.</summary>
/// <param name="cluster">Where it runs.</param>
/// <param name="pod">As it was created.</param>
/// <param name="objectName">Its set's object in Calico.</param>
internal sealed class GridPod(GridCluster cluster, TestPod pod, string objectName)
{
    public GridCluster Cluster => cluster;

    public string ObjectName => objectName;

    /// <summary>As it is now.</summary>
    public TestPod Current { get; set; } = pod;

    public string? Net => Current.Addresses is [var address] ? $"{address}/32" : null;

    /// <summary>True until Calico shows its last change.</summary>
    public bool IsChanging { get; set; }
}
