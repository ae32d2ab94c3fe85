using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Silo.Tests.Http;

/// <summary>A local cluster without objects, which takes none.</summary>
internal sealed class EmptyStore : INetworkSetStore
{
    public async Task ObserveAsync(INetworkSetObserver observer, CancellationToken cancellationToken)
    {
        observer.Replace([]);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public Task<StoreResult> CreateAsync(NetworkSetWrite write, CancellationToken cancellationToken) => Refuse();

    public Task<StoreResult> UpdateAsync(NetworkSetWrite write, NetworkSetObject seen, CancellationToken cancellationToken) => Refuse();

    public Task<StoreResult> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken) => Refuse();

    public Task<StoreResult> ReadAsync(string name, CancellationToken cancellationToken) => Refuse();

    private static Task<StoreResult> Refuse() => Task.FromResult(new StoreResult { Outcome = StoreOutcome.Forbidden, Error = "takes nothing" });
}
