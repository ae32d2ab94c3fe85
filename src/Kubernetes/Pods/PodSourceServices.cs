using KubePolicySemaphore.Grains.Pods;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Registers what reads pods.</summary>
public static class PodSourceServices
{
    /// <summary>
    /// Reads the pods of remote clusters from their Kubernetes APIs. A <see cref="TimeProvider"/>, a
    /// <see cref="Random"/> (thread-safe) and <see cref="ListSlots"/> that are there already are used.
    /// </summary>
    public static IServiceCollection AddKubernetesPodSource(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.TryAddSingleton(services => new ListSlots(services.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<PodLister>();
        services.TryAddSingleton<IPodSourceFactory, PodSourceFactory>();
        return services;
    }
}
