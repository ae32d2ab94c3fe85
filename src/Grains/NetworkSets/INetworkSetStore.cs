using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// The GlobalNetworkSets of the local cluster. Lost races, refusals and failures of the API server are results; it throws
/// only when cancelled.
/// </summary>
public interface INetworkSetStore
{
    /// <summary>
    /// Lists, then watches all objects that one of our conventions manages (by their <c>managed-by</c> label), for ever:
    /// failures are reported to the observer, backed off and tried again. Calls of the observer come one at a time.
    /// </summary>
    Task ObserveAsync(INetworkSetObserver observer, CancellationToken cancellationToken);

    /// <summary>Creates the object.</summary>
    Task<StoreResult> CreateAsync(NetworkSetWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Makes our part of the object what the write says, if it still is <paramref name="seen"/> (uid and
    /// resourceVersion). What others have put on it survives.
    /// </summary>
    Task<StoreResult> UpdateAsync(NetworkSetWrite write, NetworkSetObject seen, CancellationToken cancellationToken);

    /// <summary>Deletes the object, if it still is <paramref name="seen"/> (uid and resourceVersion).</summary>
    Task<StoreResult> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken);

    /// <summary>Reads the object of that name, whoever's it is.</summary>
    Task<StoreResult> ReadAsync(string name, CancellationToken cancellationToken);
}
