using KubePolicySemaphore.Clustering.Kubernetes;
using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.Clustering.Kubernetes.Membership;
using KubePolicySemaphore.Clustering.Kubernetes.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Messaging;

namespace Orleans.Hosting;

internal static class KubernetesClusteringServices
{
    public static IServiceCollection AddKubernetesMembershipTable(this IServiceCollection services) => services
        .AddKubernetesClusterObject()
        .AddSingleton<IMembershipTable, KubernetesMembershipTable>();

    public static IServiceCollection AddKubernetesGatewayList(this IServiceCollection services) => services
        .AddKubernetesClusterObject()
        .AddSingleton<IGatewayListProvider, KubernetesGatewayListProvider>();

    private static IServiceCollection AddKubernetesClusterObject(this IServiceCollection services)
    {
        services.AddOptions<KubernetesClusteringOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ApiTransportFactory>();
        services.TryAddSingleton<OrleansClusterApi>();
        services.TryAddSingleton<FaultLog>();
        services.TryAddSingleton<MembershipMetrics>();
        services.TryAddSingleton<ClusterObject>();
        return services.AddSingleton<IConfigurationValidator, KubernetesClusteringOptionsValidator>();
    }
}
