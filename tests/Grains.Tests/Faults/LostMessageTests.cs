using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Tests.Watching;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Tests.Faults;

/// <summary>Messages between a watcher and a set's grain that are lost, doubled or late.</summary>
public sealed class LostMessageTests
{
    private const string Web = "blue-shop-web";

    private static readonly GridOptions Blue = new() { Clusters = [World.Entry("blue")] };
    private static readonly NetworkSetKey Key = new("blue", "shop", "web");

    [Fact]
    public async Task Reply_LostAfterTheDeltaWasWritten_IsMadeUpForWithoutAnotherWrite()
    {
        await using var world = await StartWithOnePodAsync();
        world.Calls.LoseNextReply();

        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await WaitForCallAsync(world, "Apply TimeoutException");
        await world.WaitForStateAsync("blue", ClusterState.Synced);

        Assert.Equal([["10.0.0.1"], ["10.0.0.1", "10.0.0.2"]], world.Calico.HistoryOf(Web));
        await ExpectDeltaAsync(world);
    }

    [Fact]
    public async Task Reply_LostWhileMorePodsComeAndGo_LosesNoneOfThem()
    {
        await using var world = await StartWithOnePodAsync();
        world.Calls.LoseNextReply();
        var held = world.Calico.HoldNext("update", Web);

        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await held.Arrived;
        await world.Remote["blue"].SetAsync("shop", "c", "web", "10.0.0.3");
        await world.Remote["blue"].DeleteAsync("shop", "a");
        await held.LandAsync();
        await world.WaitForStateAsync("blue", ClusterState.Synced);

        Assert.Equal([["10.0.0.1"], ["10.0.0.1", "10.0.0.2"], ["10.0.0.2", "10.0.0.3"]], world.Calico.HistoryOf(Web));
        await ExpectDeltaAsync(world);
    }

    [Fact]
    public async Task Call_LostBeforeTheGrainGotIt_IsMadeUpForByASnapshot()
    {
        await using var world = await StartWithOnePodAsync();
        world.Calls.LoseNextCall();

        // The pod's new address comes and its old one goes in the delta that is lost.
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.2");
        await WaitForCallAsync(world, "Apply TimeoutException");
        await world.WaitForStateAsync("blue", ClusterState.Synced);

        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));
        await ExpectDeltaAsync(world);
    }

    [Fact]
    public async Task Delta_ThatComesTwice_IsTakenOnce()
    {
        await using var world = await StartWithOnePodAsync();
        world.Calls.DoubleNextCall();

        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.2");
        await WaitForCallAsync(world, "Apply NeedSnapshot");
        await world.WaitForStateAsync("blue", ClusterState.Synced);

        Assert.Equal([["10.0.0.1"], ["10.0.0.2"]], world.Calico.HistoryOf(Web));
        await ExpectDeltaAsync(world);
    }

    [Fact]
    public async Task Delta_ThatComesAgainAfterLaterOnes_DoesNotBringADeadAddressBack()
    {
        await using var world = await StartWithOnePodAsync();
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web).Length == 2, "the second pod is in");
        await world.Remote["blue"].DeleteAsync("shop", "b");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web) is ["10.0.0.1"], "the second pod is out");

        var reply = await world.Set(Key).ApplyAsync(world.Calls.Deltas.First());

        Assert.Equal(FeedOutcome.NeedSnapshot, reply.Outcome);
        Assert.Equal(["10.0.0.1"], world.Calico.Nets(Web));
        // What the grain holds is what it held before, so the watcher's next delta fits.
        await ExpectDeltaAsync(world);
    }

    [Fact]
    public async Task Delta_AfterAGap_WritesNothingUntilASnapshotComes()
    {
        // Nobody but the test feeds this set.
        await using var world = await World.StartAsync(new() { Clusters = [] });
        var (epoch, set) = (Guid.NewGuid(), world.Set(Key));
        await set.ReconcileAsync(Snapshot(world, new(epoch, 1), "10.0.0.1"));

        // The one from 1 to 2, which took 10.0.0.1 out, never came.
        var reply = await set.ApplyAsync(new()
        {
            Base = new(epoch, 2),
            Version = new(epoch, 3),
            Added = [Membership.TestPod.Address("10.0.0.3")],
            Removed = [],
        });
        Assert.Equal(FeedOutcome.NeedSnapshot, reply.Outcome);
        Assert.Equal([["10.0.0.1"]], world.Calico.HistoryOf(Web));

        Assert.Equal(FeedOutcome.InSync, (await set.ReconcileAsync(Snapshot(world, new(epoch, 4), "10.0.0.3"))).Outcome);
        Assert.Equal(["10.0.0.3"], world.Calico.Nets(Web));
    }

    [Fact]
    public async Task Delta_OfAnotherWatchersActivation_WritesNothing()
    {
        await using var world = await World.StartAsync(new() { Clusters = [] });
        var set = world.Set(Key);
        await set.ReconcileAsync(Snapshot(world, new(Guid.NewGuid(), 1), "10.0.0.1"));

        var reply = await set.ApplyAsync(new()
        {
            Base = new(Guid.NewGuid(), 1),
            Version = new(Guid.NewGuid(), 2),
            Added = [],
            Removed = [Membership.TestPod.Address("10.0.0.1")],
        });

        Assert.Equal(FeedOutcome.NeedSnapshot, reply.Outcome);
        Assert.Equal([["10.0.0.1"]], world.Calico.HistoryOf(Web));
    }

    private static async Task<World> StartWithOnePodAsync()
    {
        var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal(["10.0.0.1"], world.Calico.Nets(Web));
        return world;
    }

    private static Task WaitForCallAsync(World world, string call) =>
        world.Calico.WaitUntilAsync(() => world.Calls.Log.Contains(call), $"{call} among the calls {string.Join(", ", world.Calls.Log)}");

    /// <summary>The feed has recovered when the next change goes as a delta and is written.</summary>
    private static async Task ExpectDeltaAsync(World world)
    {
        var before = world.Calls.Log.Count;
        await world.Remote["blue"].SetAsync("shop", "after", "web", "10.0.9.9");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets(Web).Contains("10.0.9.9"), "the next change is written");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal(["Apply InSync"], world.Calls.Log.Skip(before));
    }

    private static MembershipSnapshot Snapshot(World world, FeedVersion version, params string[] nets) => new()
    {
        Version = version,
        Nets = [.. nets.Select(Membership.TestPod.Address)],
        Objects = world.Calico.Objects,
        Rules = new()
        {
            Convention = NamingConvention.KubePolicySemaphore.Name,
            ServiceId = "grid",
            MaxNetsPerObject = 500,
            Retain = false,
            DryRun = false,
        },
    };
}
