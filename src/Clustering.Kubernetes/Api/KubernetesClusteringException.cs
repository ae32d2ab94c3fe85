namespace KubePolicySemaphore.Clustering.Kubernetes;

/// <summary>
/// The membership could not be read or written. The message names the verb, the resource, the namespace and what to do;
/// Orleans tries again by itself.
/// </summary>
public sealed class KubernetesClusteringException(string message, int? status = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The HTTP status, if there was an answer.</summary>
    public int? Status { get; } = status;
}
