using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Status;
using Orleans.Concurrency;

namespace KubePolicySemaphore.Interfaces.Grains;

/// <summary>Watches the pods of one remote cluster, whose name is its key, and feeds the grains of its sets.</summary>
[Alias("kps.IRemoteClusterWatcherGrain")]
public interface IRemoteClusterWatcherGrain : IGrainWithStringKey
{
    /// <summary>
    /// Starts the watch where it is not running, follows a change of the silo's configuration, and tells how it goes.
    /// Every silo calls it every few seconds; this is what brings a watcher back after its silo died.
    /// </summary>
    /// <param name="claimedBy">
    /// Name of the calling silo if its configuration has the cluster, else null. While any silo claims a cluster, another
    /// one's configuration that lacks it is taken for a newer or an older file, not for the cluster's end.
    /// </param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    [Alias("Supervise"), AlwaysInterleave]
    Task<ClusterStatus> SuperviseAsync(string? claimedBy, CancellationToken cancellationToken = default);

    /// <summary>The cluster's sets; a null filter takes all.</summary>
    [Alias("GetSets"), AlwaysInterleave]
    Task<ImmutableArray<NetworkSetStatus>> GetSetsAsync(string? podNamespace, string? name, CancellationToken cancellationToken = default);

    /// <summary>The pods of the cluster that show this address, whether they are in a set or not.</summary>
    [Alias("ExplainAddress"), AlwaysInterleave]
    Task<ImmutableArray<Explanation>> ExplainAddressAsync(PodAddress address, CancellationToken cancellationToken = default);

    /// <summary>What is known of a pod; empty when nothing is.</summary>
    [Alias("ExplainPod"), AlwaysInterleave]
    Task<ImmutableArray<Explanation>> ExplainPodAsync(string podNamespace, string pod, CancellationToken cancellationToken = default);

    /// <summary>The last happenings with a sequence above <paramref name="after"/>, oldest first, a few hundred at most.</summary>
    [Alias("GetEvents"), AlwaysInterleave]
    Task<ImmutableArray<ClusterEvent>> GetEventsAsync(long after, CancellationToken cancellationToken = default);
}
