using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Tests.Watching;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;
using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Tests.Faults;

/// <summary>A silo dies while a write of its is under way, and the API server does the write after the successor's.</summary>
public sealed class SiloDeathTests
{
    private const string Web = "blue-shop-web";

    private static readonly GridOptions Blue = new() { Clusters = [World.Entry("blue")] };
    private static readonly NetworkSetKey Key = new("blue", "shop", "web");

    [Fact]
    public async Task Update_ThatOutlivesItsSilo_DoesNotUndoWhatTheSuccessorWrote()
    {
        await using var world = await World.StartAsync(Blue, silos: 2);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var late = world.Calico.HoldNext("update", Web);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.2");
        await late.Arrived;

        await world.KillSiloOfAsync(world.Set(Key));
        world.Remote["blue"].Silently(pods => pods[("shop", "a")] = new("shop", "a", "web", ["10.0.0.3"]));
        await WaitForSuccessorAsync(world);
        Assert.Equal(["10.0.0.3"], world.Calico.Nets(Web));
        Assert.Equal(StoreOutcome.Conflict, (await late.LandAsync()).Outcome);

        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.4");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web).Length == 2, "the next change is written");
        Assert.Equal([["10.0.0.1"], ["10.0.0.3"], ["10.0.0.3", "10.0.0.4"]], world.Calico.HistoryOf(Web));
    }

    [Fact]
    public async Task Create_ThatOutlivesItsSiloAndTheSet_IsTakenAway()
    {
        await using var world = await World.StartAsync(Blue, silos: 2);
        var late = world.Calico.HoldNext("create", Web);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await late.Arrived;

        await world.KillSiloOfAsync(world.Set(Key));
        world.Remote["blue"].Silently(pods => pods.Clear());
        await WaitForSuccessorAsync(world);
        // Nothing stands there that could refuse it.
        Assert.Equal(StoreOutcome.Done, (await late.LandAsync()).Outcome);

        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the dead address is gone");
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.4");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.4"], "the next change is written");
        Assert.Equal([["10.0.0.1"], [], ["10.0.0.4"]], world.Calico.HistoryOf(Web));
    }

    private static Task WaitForSuccessorAsync(World world) => world.Calico.WaitUntilAsync(
        async () =>
        {
            try
            {
                return (await world.StatusAsync("blue").WaitAsync(TimeSpan.FromSeconds(2), TimeProvider.System)).State == ClusterState.Synced;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // The dead silo has not been found out yet.
                return false;
            }
        },
        "the other silo has the watcher");
}
