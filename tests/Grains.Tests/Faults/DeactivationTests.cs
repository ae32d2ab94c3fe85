using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Grains.Tests.Watching;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace KubePolicySemaphore.Grains.Tests.Faults;

/// <summary>Grains that are deactivated or moved while a write is under way at the API server.</summary>
public sealed class DeactivationTests
{
    private const string Web = "blue-shop-web";

    private static readonly GridOptions Blue = new() { Clusters = [World.Entry("blue")] };
    private static readonly NetworkSetKey Key = new("blue", "shop", "web");

    [Fact]
    public async Task SetGrain_DeactivatedWhileItsWriteLands_LeavesNothingToDo()
    {
        await using var world = await StartWithOnePodAsync();
        var held = await ChangeAddressAsync(world);

        var deactivated = world.Cluster.DeactivateAsync(world.Set(Key));
        Assert.Equal(StoreOutcome.Done, (await held.LandAsync()).Outcome);
        await deactivated;
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));

        await ExpectRecoveryAsync(world);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SetGrain_DeactivatedWhileItsWriteIsCancelled_IsFollowedByOneThatWritesOnlyWhatIsMissing(bool lands)
    {
        await using var world = await StartWithOnePodAsync();
        var held = await ChangeAddressAsync(world);

        var deactivated = world.Cluster.DeactivateAsync(world.Set(Key));
        if (lands)
            await held.LandUnheardAsync();
        else
            held.Cancel();
        await deactivated;
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.2"], "the new address is written");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));

        await ExpectRecoveryAsync(world);
    }

    [Fact]
    public async Task SetGrain_MovedWhileItsWriteLands_LeavesNothingToDo()
    {
        await using var world = await StartWithOnePodAsync(silos: 2);
        var held = await ChangeAddressAsync(world);

        var moved = world.Cluster.MigrateAsync(world.Set(Key), SiloWithout(world, world.Set(Key)));
        await held.LandAsync();
        await moved;
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));

        await ExpectRecoveryAsync(world);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watcher_MovedWhileAWriteIsUnderWay_FightsNobody(bool lands)
    {
        await using var world = await StartWithOnePodAsync(silos: 2);
        var held = await ChangeAddressAsync(world);

        var moved = world.Cluster.MigrateAsync(world.Watcher("blue"), SiloWithout(world, world.Watcher("blue")));
        if (lands)
            await held.LandAsync();
        else
            held.Cancel();
        await moved;
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.2"], "the new address is written");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));

        await ExpectRecoveryAsync(world);
    }

    [Fact]
    public async Task SetGrain_OfASiloThatLeaves_WritesNothingMoreAndGoesWhereTheWatcherGoes()
    {
        await using var world = await StartWithOnePodAsync(silos: 2);
        var leaving = SiloOf(world, world.Watcher("blue"))!;
        Assert.Equal(leaving, SiloOf(world, world.Set(Key)));

        leaving.ServiceProvider.GetRequiredService<SiloDrain>().Begin();
        await world.Calico.WaitUntilAsync(() => SiloOf(world, world.Watcher("blue")) is { } silo && silo != leaving, "the watcher has moved");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        await ExpectRecoveryAsync(world);

        Assert.NotEqual(leaving, SiloOf(world, world.Set(Key)));
        Assert.Equal([["10.0.0.1"], ["10.0.0.1", "10.0.9.9"]], world.Calico.HistoryOf(Web));
        Assert.DoesNotContain(await world.Watcher("blue").GetEventsAsync(after: 0), seen => seen.Kind == "Failed");
    }

    private static async Task<World> StartWithOnePodAsync(short silos = 1)
    {
        var world = await World.StartAsync(Blue, silos: silos);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal(["10.0.0.1"], world.Calico.Nets(Web));
        return world;
    }

    /// <summary>The pod gets another address; the write of it is under way when this ends.</summary>
    private static async Task<HeldWrite> ChangeAddressAsync(World world)
    {
        var held = world.Calico.HoldNext("update", Web);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.2");
        await held.Arrived;
        return held;
    }

    /// <summary>The next change is written, and what stood there stays.</summary>
    private static async Task ExpectRecoveryAsync(World world)
    {
        var before = world.Calico.Nets(Web);
        await world.Remote["blue"].SetAsync("shop", "after", "web", "10.0.9.9");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web).SequenceEqual([.. before, "10.0.9.9"]), "the next change is written");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
    }

    private static SiloAddress SiloWithout(World world, IAddressable grain) =>
        world.Cluster.Silos.First(silo => silo != SiloOf(world, grain)).SiloAddress;

    private static InProcessSiloHandle? SiloOf(World world, IAddressable grain) =>
        world.Cluster.TryGetGrainContext(grain.GetGrainId(), out var activation)
            ? world.Cluster.Silos.First(silo => silo.SiloAddress == activation.Address.SiloAddress)
            : null;
}
