using KubePolicySemaphore.Grains.Configuration;
using Microsoft.Extensions.Hosting;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// Keeps the silo's catalog: watches for ever, and lists anew every full store resync period, because a watch can lose
/// an event for ever.
/// </summary>
internal sealed class CatalogService(
    INetworkSetStore store, NetworkSetCatalog catalog, IGridConfiguration configuration, TimeProvider time, Random random) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // A tenth of jitter: silos that started together must not list together for ever.
            var period = configuration.Current.FullStoreResyncPeriod * (0.9 + (0.2 * random.NextDouble()));
            using var resync = new CancellationTokenSource(period, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(resync.Token, stoppingToken);
            await store.ObserveAsync(catalog, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
