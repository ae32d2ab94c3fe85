using KubePolicySemaphore.Grains.Tests.Fencing;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class SetWriterFencingTests
{
    [Fact]
    public async Task Write_AfterTheSiloStoodStillAndWasDeclaredDead_IsNotSent()
    {
        var time = new JumpingTimeProvider();
        var world = new WriterWorld(time);
        world.Grid.IsActive = false;
        time.Jump(TimeSpan.FromSeconds(30));

        var reply = await world.ReconcileAsync(WriterWorld.Addresses(1, 2));

        Assert.Equal(FeedOutcome.Failed, reply.Outcome);
        Assert.Contains("no active member", reply.Error, StringComparison.Ordinal);
        Assert.Empty(world.Store.Objects);
    }

    [Fact]
    public async Task Write_AfterTheSiloStoodStillButIsStillAMember_IsSent()
    {
        var time = new JumpingTimeProvider();
        var world = new WriterWorld(time);
        time.Jump(TimeSpan.FromSeconds(30));

        Assert.Equal(FeedOutcome.InSync, (await world.ReconcileAsync(WriterWorld.Addresses(1, 2))).Outcome);
        Assert.Single(world.Store.Objects);
    }
}
