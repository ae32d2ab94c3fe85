using KubePolicySemaphore.Clustering.Kubernetes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>Membership in Kubernetes, for clients.</summary>
public static class KubernetesClusteringClientBuilderExtensions
{
    /// <summary>Finds the gateways of the silos in the custom resource, <c>orleansclusters.kube-policy-semaphore.io</c>, of the API server.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Sets the options; without it a pod uses its service account and its own namespace.</param>
    public static IClientBuilder UseKubernetesClustering(this IClientBuilder builder, Action<KubernetesClusteringOptions>? configure = null) =>
        builder.UseKubernetesClustering(options => options.Configure(configure ?? (_ => { })));

    /// <inheritdoc cref="UseKubernetesClustering(IClientBuilder, Action{KubernetesClusteringOptions}?)"/>
    public static IClientBuilder UseKubernetesClustering(this IClientBuilder builder, Action<OptionsBuilder<KubernetesClusteringOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.ConfigureServices(services =>
        {
            configure(services.AddOptions<KubernetesClusteringOptions>());
            services.AddKubernetesGatewayList();
        });
    }
}
