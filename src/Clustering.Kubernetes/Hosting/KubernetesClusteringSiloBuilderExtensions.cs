using KubePolicySemaphore.Clustering.Kubernetes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>Membership in Kubernetes, for silos.</summary>
public static class KubernetesClusteringSiloBuilderExtensions
{
    /// <summary>Keeps the membership in one custom resource, <c>orleansclusters.kube-policy-semaphore.io</c>, of the API server.</summary>
    /// <param name="builder">The silo.</param>
    /// <param name="configure">Sets the options; without it a pod uses its service account and its own namespace.</param>
    public static ISiloBuilder UseKubernetesClustering(this ISiloBuilder builder, Action<KubernetesClusteringOptions>? configure = null) =>
        builder.UseKubernetesClustering(options => options.Configure(configure ?? (_ => { })));

    /// <inheritdoc cref="UseKubernetesClustering(ISiloBuilder, Action{KubernetesClusteringOptions}?)"/>
    public static ISiloBuilder UseKubernetesClustering(this ISiloBuilder builder, Action<OptionsBuilder<KubernetesClusteringOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.ConfigureServices(services =>
        {
            configure(services.AddOptions<KubernetesClusteringOptions>());
            services.AddKubernetesMembershipTable();
        });
    }
}
