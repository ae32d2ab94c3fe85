using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>
/// What a pod finds of its own cluster
/// (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/#directly-accessing-the-rest-api).
/// </summary>
internal sealed record InClusterEnvironment(string Folder, string? Host, string? Port)
{
    /// <summary>That of this process.</summary>
    public static InClusterEnvironment Current { get; } = new(
        "/var/run/secrets/kubernetes.io/serviceaccount",
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"),
        Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    public string TokenFile => Path.Combine(Folder, "token");

    public string CaFile => Path.Combine(Folder, "ca.crt");

    /// <exception cref="ApiServerException">This is no pod.</exception>
    public Uri Server() =>
        Host is { Length: > 0 } && Port is { Length: > 0 } && Uri.TryCreate($"https://{Bracketed(Host)}:{Port}", UriKind.Absolute, out var server)
            ? server
            : throw new ApiServerException(ClusterFailureReason.Credentials,
                "neither kubeconfig nor apiUrl is set, and this is no pod of a cluster (KUBERNETES_SERVICE_HOST is not set)");

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
}
