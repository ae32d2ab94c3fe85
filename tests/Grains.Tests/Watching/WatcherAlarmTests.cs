using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Grains.Watching;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.Extensions.DependencyInjection;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>Whether a supervisor learns at once that a cluster has lost its watcher.</summary>
public sealed class WatcherAlarmTests
{
    [Fact]
    public async Task Watcher_TakenAwayByOrleans_RaisesIt()
    {
        await using var world = await World.StartAsync(new() { Clusters = [World.Entry("blue")] });
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var raised = world.Cluster.Silos[0].ServiceProvider.GetRequiredService<WatcherAlarm>().Raised;

        await world.Cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        await raised.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
    }

    [Fact]
    public async Task Watcher_OfAClusterThatIsGone_EndsWithoutIt()
    {
        await using var world = await World.StartAsync(new() { Clusters = [World.Entry("blue")] });
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var services = world.Cluster.Silos[0].ServiceProvider;
        var raised = services.GetRequiredService<WatcherAlarm>().Raised;

        world.Configure(new() { Clusters = [] });
        var drain = services.GetRequiredService<SiloDrain>();
        await world.Calico.WaitUntilAsync(() => drain.Watchers == 0, "the watcher has ended");

        Assert.False(raised.IsCompleted);
    }
}
