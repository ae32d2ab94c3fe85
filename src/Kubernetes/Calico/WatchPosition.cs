namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>How far the changes have been seen.</summary>
internal sealed class WatchPosition(string resourceVersion)
{
    public string ResourceVersion { get; set; } = resourceVersion;
}
