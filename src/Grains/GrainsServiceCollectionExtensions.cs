using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Grains.Watching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KubePolicySemaphore.Grains;

/// <summary>Registers what the grains need.</summary>
public static class GrainsServiceCollectionExtensions
{
    /// <summary>
    /// Adds the catalog, the write gate and the metrics. The host adds the ports: <see cref="INetworkSetStore"/>,
    /// <see cref="Pods.IPodSourceFactory"/>, <see cref="Configuration.IGridConfiguration"/>, and a
    /// <see cref="CollectorRegistry"/>.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="siloName">The name by which people know this silo.</param>
    public static IServiceCollection AddGrains(this IServiceCollection services, string siloName)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(_ => Metrics.NewCustomRegistry());
        services.AddSingleton<GridMetrics>();
        services.AddSingleton<NetworkSetCatalog>();
        services.AddSingleton<WriteGate>();
        services.AddSingleton<SetWriterServices>();
        services.TryAddSingleton<IMembershipCheck, OrleansMembershipCheck>();
        services.AddSingleton<SiloPulse>();
        // Made at the start, not by the first write: that may be the one after the gap.
        services.AddHostedService(provider => provider.GetRequiredService<SiloPulse>());
        services.AddSingleton<SiloDrain>();
        services.AddSingleton<WatcherAlarm>();
        services.AddSingleton<WatcherSeats>();
        services.AddPlacementDirector<WatcherPlacement, WatcherPlacementDirector>();
        services.AddSingleton(provider => new WatcherServices(
            provider.GetRequiredService<Pods.IPodSourceFactory>(),
            provider.GetRequiredService<NetworkSetCatalog>(),
            provider.GetRequiredService<Configuration.IGridConfiguration>(),
            provider.GetRequiredService<GridMetrics>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<WatcherSeats>(),
            provider.GetRequiredService<SiloDrain>(),
            provider.GetRequiredService<SiloPulse>(),
            provider.GetRequiredService<WatcherAlarm>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Random>(),
            provider.GetRequiredService<ILogger<ClusterWatcher>>())
        {
            SiloName = siloName,
        });
        services.AddHostedService<CatalogService>();
        return services;
    }
}
