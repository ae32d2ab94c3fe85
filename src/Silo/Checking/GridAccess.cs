using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>The clusters of a configuration, reached as a silo reaches them, without a silo.</summary>
internal sealed class GridAccess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public GridAccess(SiloConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddKubernetesAdapters(configuration.Local);
        _services = services.BuildServiceProvider();
    }

    public ApiServerConnection Local => _services.GetRequiredKeyedService<ApiServerConnection>(CalicoServiceCollectionExtensions.LocalCluster);

    public CalicoApiDiscovery CalicoApi => _services.GetRequiredService<CalicoApiDiscovery>();

    public INetworkSetStore Store => _services.GetRequiredService<INetworkSetStore>();

    /// <summary>A connection of its own to a remote cluster; the caller's to dispose.</summary>
    public ApiServerConnection Connect(ClusterOptions cluster) =>
        ActivatorUtilities.CreateInstance<ApiServerConnection>(_services, cluster.Name, cluster.Connection);

    /// <summary>All selected pods of a cluster.</summary>
    /// <exception cref="ApiServerException">They could not be read.</exception>
    public Task<IReadOnlyList<PodBatch>> ListPodsAsync(ClusterOptions cluster, ApiServerConnection connection, CancellationToken cancellationToken) =>
        _services.GetRequiredService<PodLister>().ListAsync(cluster, connection, cancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
