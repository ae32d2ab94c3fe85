using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Takes the first complete list of a store, and the error that keeps it from coming.</summary>
internal sealed class NetworkSetSnapshot : INetworkSetObserver
{
    private readonly TaskCompletionSource<IReadOnlyList<NetworkSetObject>> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every object that one of our conventions manages.</summary>
    /// <exception cref="UnreadableException">The first list failed.</exception>
    public static async Task<IReadOnlyList<NetworkSetObject>> ReadAsync(INetworkSetStore store, CancellationToken cancellationToken)
    {
        var snapshot = new NetworkSetSnapshot();
        using var observing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var observation = store.ObserveAsync(snapshot, observing.Token);
        try
        {
            return await snapshot._first.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await observing.CancelAsync().ConfigureAwait(false);
            await observation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Replace(IReadOnlyList<NetworkSetObject> objects) => _first.TrySetResult([.. objects]);

    public void Failed(string error) => _first.TrySetException(new UnreadableException($"local: {error}"));

    public void Upsert(NetworkSetObject seen)
    {
        // The first list is all that is wanted.
    }

    public void Delete(string name, string uid)
    {
        // As above.
    }

    public void Contact()
    {
        // As above.
    }
}
