using k8s;

namespace KubePolicySemaphore.Clustering.Kubernetes;

/// <summary>Where the membership of an Orleans cluster is kept in Kubernetes, and how the API server is reached.</summary>
/// <remarks>
/// With nothing set: as the pod's service account, in the pod's namespace. What is set first in the order
/// <see cref="CreateHttpClient"/>, <see cref="CreateConfiguration"/>, <see cref="KubeconfigPath"/> decides how the server
/// is reached.
/// </remarks>
public sealed class KubernetesClusteringOptions
{
    /// <summary>The namespace of the object.</summary>
    /// <value>
    /// The default is <c>POD_NAMESPACE</c> of the environment, else that of the service account or of the kubeconfig's
    /// context, else <c>default</c>.
    /// </value>
    public string? Namespace { get; set; }

    /// <summary>The object's name, a DNS-1123 subdomain.</summary>
    /// <value>The default is Orleans' cluster id; set this where the cluster id is no such name.</value>
    public string? ObjectName { get; set; }

    /// <summary>A kubeconfig file. Read again after the API server has refused the credentials.</summary>
    /// <value>The default is none: this is a pod.</value>
    public string? KubeconfigPath { get; set; }

    /// <summary>The context in the kubeconfig.</summary>
    /// <value>The default is its current context.</value>
    public string? KubeconfigContext { get; set; }

    /// <summary>Whether programs that the kubeconfig names may be run for credentials (exec, auth-provider).</summary>
    /// <value>The default is <see langword="false"/>: such a kubeconfig is refused.</value>
    public bool AllowExec { get; set; }

    /// <summary>Makes the client library's configuration. Called again after the API server has refused the credentials.</summary>
    public Func<IServiceProvider, KubernetesClientConfiguration>? CreateConfiguration { get; set; }

    /// <summary>
    /// Makes the client itself: <c>BaseAddress</c> is the API server, and its handlers see to TLS and credentials. It
    /// stays its maker's to dispose of.
    /// </summary>
    public Func<IServiceProvider, HttpClient>? CreateHttpClient { get; set; }

    /// <summary>How long one request may take before it has failed.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
