using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Reads the pods of a cluster once, for who compares or checks.</summary>
public sealed class PodLister(TimeProvider time, ListSlots slots)
{
    /// <summary>All pods of the entry, complete.</summary>
    /// <exception cref="ApiServerException">They could not be read, or not all.</exception>
    public async Task<IReadOnlyList<PodBatch>> ListAsync(ClusterOptions cluster, ApiServerConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var reader = new PodListReader(connection, cluster.SetNameSource, time, slots);
        var pages = new List<PodBatch>();
        foreach (var query in PodQuery.Of(cluster))
            pages.AddRange((await reader.ReadAsync(query, static () => { }, cancellationToken).ConfigureAwait(false)).Pages);
        return pages;
    }
}
