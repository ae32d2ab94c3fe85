using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Makes a reflector, with a connection of its own, for each entry.</summary>
internal sealed class PodSourceFactory(TimeProvider time, Random random, ListSlots slots, ILoggerFactory loggers) : IPodSourceFactory
{
    /// <inheritdoc />
    public IPodSource Create(ClusterOptions cluster, TimeSpan podResyncPeriod)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var connection = new ApiServerConnection(cluster.Name, cluster.Connection, time, loggers.CreateLogger<ApiServerConnection>());
        var log = new ReflectorLog(loggers.CreateLogger<PodReflector>());
        return new PodReflector(new PodReflectorParts(cluster, podResyncPeriod, connection, slots, time, random, log));
    }
}
