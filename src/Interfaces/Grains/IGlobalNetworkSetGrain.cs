using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Interfaces.Grains;

/// <summary>
/// Holds the membership of one set, whose <see cref="Naming.NetworkSetKey"/> is its key, and is the only writer of the
/// set's objects in Calico. A call ends when its writes have ended; one call is in flight at a time.
/// </summary>
[Alias("kps.IGlobalNetworkSetGrain")]
public interface IGlobalNetworkSetGrain : IGrainWithStringKey
{
    /// <summary>Changes the membership that the grain holds, and writes.</summary>
    [Alias("Apply")]
    Task<FeedReply> ApplyAsync(MembershipDelta delta, CancellationToken cancellationToken = default);

    /// <summary>Replaces all that the grain holds, and writes what differs.</summary>
    [Alias("Reconcile")]
    Task<FeedReply> ReconcileAsync(MembershipSnapshot snapshot, CancellationToken cancellationToken = default);
}
