using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Kubernetes.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Registers the store of GlobalNetworkSets.</summary>
public static class CalicoServiceCollectionExtensions
{
    /// <summary>Key of the local cluster's <see cref="ApiServerConnection"/> among the services, and its name in the log.</summary>
    public const string LocalCluster = "local";

    /// <summary>
    /// Adds <see cref="INetworkSetStore"/>, <see cref="CalicoApiDiscovery"/> and the keyed <see cref="ApiServerConnection"/>
    /// of the local cluster, all as <see cref="LocalClusterOptions"/> say. Nothing is read or sent before the first use.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">Finds the options; null: they are a service themselves, or else the default.</param>
    public static IServiceCollection AddCalicoNetworkSetStore(
        this IServiceCollection services, Func<IServiceProvider, LocalClusterOptions>? options = null)
    {
        options ??= static provider => provider.GetService<LocalClusterOptions>() ?? new LocalClusterOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(LocalCluster, (provider, _) => new ApiServerConnection(
            LocalCluster, options(provider).Connection, Time(provider), Logger<ApiServerConnection>(provider)));
        services.TryAddSingleton(provider => new CalicoApiDiscovery(
            Connection(provider), options(provider).CalicoApi, Time(provider), Logger<CalicoApiDiscovery>(provider)));
        services.TryAddSingleton<INetworkSetStore>(provider => new CalicoNetworkSetStore(
            Connection(provider), provider.GetRequiredService<CalicoApiDiscovery>(), Time(provider), Logger<CalicoNetworkSetStore>(provider)));
        return services;
    }

    private static ApiServerConnection Connection(IServiceProvider provider) =>
        provider.GetRequiredKeyedService<ApiServerConnection>(LocalCluster);

    private static TimeProvider Time(IServiceProvider provider) => provider.GetRequiredService<TimeProvider>();

    private static ILogger<T> Logger<T>(IServiceProvider provider) => provider.GetRequiredService<ILogger<T>>();
}
