using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Tests.Watching;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Tests.Faults;

/// <summary>
/// Two halves of a grid that have lost each other, each with its own activation of every grain, over the same clusters. One
/// half's write is late: what it was decided on is not so any more when it gets to the API server.
/// </summary>
public sealed class SplitGridTests
{
    private const string Web = "blue-shop-web";

    private static readonly GridOptions Blue = new() { Clusters = [World.Entry("blue")] };

    [Fact]
    public async Task Update_ThatIsLate_DoesNotBringADeadAddressBack()
    {
        await using var world = await World.StartAsync(Blue);
        await using var other = await world.StartOtherHalfAsync();
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await WaitUntilBothAreInSyncAsync(world, other);

        var late = world.Calico.HoldNext("update", Web);
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await late.Arrived;
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web).Length == 2, "the other half has written");
        await world.Remote["blue"].DeleteAsync("shop", "a");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.2"], "the other half has taken the first pod out");
        Assert.Equal(StoreOutcome.Conflict, (await late.LandAsync()).Outcome);

        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal([["10.0.0.1"], ["10.0.0.1", "10.0.0.2"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));
    }

    [Fact]
    public async Task Create_ThatIsLate_DoesNotReplaceWhatTheOtherHalfMade()
    {
        await using var world = await World.StartAsync(Blue);
        await using var other = await world.StartOtherHalfAsync();

        var late = world.Calico.HoldNext("create", Web);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await late.Arrived;
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.1"], "the other half has written");
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.2"], "the other half has changed it");
        Assert.Equal(StoreOutcome.Conflict, (await late.LandAsync()).Outcome);

        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));
    }

    [Fact]
    public async Task Create_ThatIsLateAfterTheSetIsGone_IsTakenAway()
    {
        await using var world = await World.StartAsync(Blue);
        await using var other = await world.StartOtherHalfAsync();

        var late = world.Calico.HoldNext("create", Web);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await late.Arrived;
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.1"], "the other half has written");
        await world.Remote["blue"].DeleteAsync("shop", "a");
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the other half has taken the set away");
        Assert.Equal(StoreOutcome.Done, (await late.LandAsync()).Outcome);

        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the dead address is gone");
        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal([["10.0.0.1"], [], ["10.0.0.1"], []], world.Calico.HistoryOf(Web));
    }

    [Fact]
    public async Task Delete_ThatIsLateAfterTheSetIsBack_DoesNotTakeItAway()
    {
        await using var world = await World.StartAsync(Blue);
        await using var other = await world.StartOtherHalfAsync();
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await WaitUntilBothAreInSyncAsync(world, other);

        var late = world.Calico.HoldNext("delete", Web);
        await world.Remote["blue"].DeleteAsync("shop", "a");
        await late.Arrived;
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the other half has taken the set away");
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.2"], "the other half has made it again");
        Assert.Equal(StoreOutcome.Conflict, (await late.LandAsync()).Outcome);

        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal([["10.0.0.1"], [], ["10.0.0.2"]], world.Calico.HistoryOf(Web));
    }

    [Fact]
    public async Task Halves_ThatBothWrite_AgreeAndFallSilent()
    {
        await using var world = await World.StartAsync(Blue);
        await using var other = await world.StartOtherHalfAsync();
        await world.Remote["blue"].SetAsync("shop", "stays", "set-0", "10.0.1.1");

        for (var i = 0; i < 60; i++)
        {
            await world.Remote["blue"].SetAsync("shop", $"p{i}", $"set-{i % 3}", $"10.0.0.{i}");
            if (i >= 6)
                await world.Remote["blue"].DeleteAsync("shop", $"p{i - 6}");
        }

        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal(["10.0.0.54", "10.0.0.57", "10.0.1.1"], world.Calico.Nets("blue-shop-set-0"));
        Assert.Equal(["10.0.0.55", "10.0.0.58"], world.Calico.Nets("blue-shop-set-1"));
        Assert.Equal(["10.0.0.56", "10.0.0.59"], world.Calico.Nets("blue-shop-set-2"));
        Assert.All(world.Calico.HistoryOf("blue-shop-set-0"), nets => Assert.Contains("10.0.1.1", nets));

        // A full comparison by both finds nothing to do.
        var writes = world.Calico.Writes.Count;
        await world.Remote["blue"].RelistAsync();
        await WaitUntilBothAreInSyncAsync(world, other);
        Assert.Equal(writes, world.Calico.Writes.Count);
    }

    private static async Task WaitUntilBothAreInSyncAsync(World one, World other)
    {
        await one.WaitForStateAsync("blue", ClusterState.Synced);
        await other.WaitForStateAsync("blue", ClusterState.Synced);
    }
}
