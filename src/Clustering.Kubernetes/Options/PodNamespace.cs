namespace KubePolicySemaphore.Clustering.Kubernetes;

/// <summary>The namespace that the membership is kept in where <see cref="KubernetesClusteringOptions.Namespace"/> names none.</summary>
internal static class PodNamespace
{
    private const string ServiceAccountNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    /// <summary>That of this pod; <c>default</c> where this is none.</summary>
    public static string Find() => FindOr(File.Exists(ServiceAccountNamespace) ? File.ReadAllText(ServiceAccountNamespace) : null);

    /// <summary>That of the environment, else the one given, else <c>default</c>.</summary>
    public static string FindOr(string? configured)
    {
        var pod = Environment.GetEnvironmentVariable("POD_NAMESPACE");
        if (!string.IsNullOrWhiteSpace(pod))
            return pod.Trim();
        return string.IsNullOrWhiteSpace(configured) ? "default" : configured.Trim();
    }
}
