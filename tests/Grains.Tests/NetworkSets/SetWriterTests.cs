using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class SetWriterTests
{
    private const string First = "blue-shop-web-x";

    /// <summary>Another key that makes the same object name.</summary>
    private static readonly NetworkSetKey Squatter = new("blue", "shop-web", "x");

    private readonly WriterWorld _world = new();

    private FakeStore Store => _world.Store;

    [Fact]
    public async Task Reconcile_NothingStands_CreatesWithMarkAndLabels()
    {
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(2, 1));
        Assert.Equal((FeedOutcome.InSync, 1), (reply.Outcome, reply.Writes));
        var made = Assert.Single(Store.Objects).Value;
        Assert.Equal((First, "grid", WriterWorld.Key, "calico-global-network-sync-operator"), (made.Name, made.Owner, made.Key, made.ManagedBy));
        Assert.Equal(made, Assert.Single(reply.Seen));
    }

    [Fact]
    public async Task Reconcile_WhatIsWantedStands_WritesNothing()
    {
        Store.Stand(WriterWorld.Object(0, 1, 2, 3));
        Store.Stand(WriterWorld.Object(1, 4));
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync(WriterWorld.Addresses(4, 3, 2, 1))).Outcome);
        Assert.Empty(Store.Requests);
    }

    [Fact]
    public async Task Reconcile_NothingWanted_DeletesAllObjects()
    {
        Store.Stand(WriterWorld.Object(0, 1));
        Store.Stand(WriterWorld.Object(2, 4));
        var reply = await _world.ReconcileAsync();
        Assert.Equal((FeedOutcome.InSync, 2), (reply.Outcome, reply.Writes));
        Assert.Empty(Store.Objects);
        Assert.Equal(["standing-0", "standing-2"], reply.Gone.Select(gone => gone.Uid));
    }

    [Fact]
    public async Task Reconcile_ObjectOfTheOlderOperator_IsAdopted()
    {
        Store.Stand(WriterWorld.Object(0, 1) with { Owner = null });
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync(WriterWorld.Addresses(1))).Outcome);
        Assert.Equal([$"update {First}"], Store.Requests);
        Assert.Equal("grid", Store.Objects[First].Owner);
    }

    [Fact]
    public async Task Reconcile_LabelsThatWereEdited_AreWrittenAnew()
    {
        Store.Stand(WriterWorld.Object(0, 1) with { Key = new("blue", "shop", "other"), ShardLabel = "x" });
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync(WriterWorld.Addresses(1))).Outcome);
        Assert.Equal((WriterWorld.Key, null), (Store.Objects[First].Key, Store.Objects[First].ShardLabel));
    }

    [Fact]
    public async Task Reconcile_CopyWithOurMarkUnderAnotherName_IsDeletedAfterTheWrite()
    {
        Store.Stand(WriterWorld.Object(0, 1) with { Name = "copy" });
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync(WriterWorld.Addresses(1))).Outcome);
        Assert.Equal([$"create {First}", "delete copy"], Store.Requests);
    }

    [Fact]
    public async Task Reconcile_CopyThatAloneHoldsTheAddress_StaysWhenTheWriteFails()
    {
        Store.Stand(WriterWorld.Object(0, 1) with { Name = "copy" });
        Store.Fault = (verb, _) => verb == WriteVerb.Create ? new Fault { Outcome = StoreOutcome.Failed } : null;
        Assert.Equal(FeedOutcome.Failed, (await _world.ReconcileAsync(WriterWorld.Addresses(1))).Outcome);
        Assert.Contains("copy", Store.Objects.Keys);
    }

    [Theory]
    [InlineData(null, null, FeedOutcome.ForeignObject)]
    [InlineData("helm", null, FeedOutcome.ForeignObject)]
    [InlineData("calico-global-network-sync-operator", "another-grid", FeedOutcome.ForeignObject)]
    public async Task Reconcile_SomebodyElsesObjectHasTheName_IsNotTouched(string? managedBy, string? owner, FeedOutcome outcome)
    {
        var foreign = Store.Stand(WriterWorld.Object(0, 9) with { ManagedBy = managedBy, Owner = owner });
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Assert.Equal(outcome, reply.Outcome);
        Assert.Contains(First, reply.Error, StringComparison.Ordinal);
        Assert.Same(foreign, Store.Objects[First]);
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync()).Outcome);
        Assert.Empty(Store.Requests);
    }

    [Fact]
    public async Task Reconcile_AnotherSetsObjectHasTheName_IsANameConflict()
    {
        var other = Store.Stand(WriterWorld.Object(0, 9) with { Key = Squatter });
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Assert.Equal(FeedOutcome.NameConflict, reply.Outcome);
        Assert.Contains($"{Squatter}", reply.Error, StringComparison.Ordinal);
        Assert.Same(other, Store.Objects[First]);
        Store.Objects.Remove(First);
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync(WriterWorld.Addresses(1))).Outcome);
    }

    [Fact]
    public async Task Reconcile_ForeignObjectUnderALaterName_StillTakesOutWhatIsGone()
    {
        Store.Stand(WriterWorld.Object(0, 1, 2));
        Store.Stand(WriterWorld.Object(1, 9) with { ManagedBy = null });
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(2, 3));
        Assert.Equal(FeedOutcome.ForeignObject, reply.Outcome);
        Assert.Equal(WriterWorld.Addresses(2), Store.Objects[First].Nets);
        Assert.Equal([$"update {First}"], Store.Requests);
    }

    [Fact]
    public async Task Reconcile_CreateFindsAForeignObject_TellsWhose()
    {
        Store.Fault = (_, _) =>
        {
            Store.Stand(WriterWorld.Object(0, 9) with { Owner = "another-grid" });
            return null;
        };
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Assert.Equal(FeedOutcome.ForeignObject, reply.Outcome);
        Assert.Contains("another-grid", reply.Error, StringComparison.Ordinal);
        Assert.Equal(WriterWorld.Addresses(9), Store.Objects[First].Nets);
    }

    [Fact]
    public async Task Apply_WithoutASnapshotBefore_AsksForOne() =>
        Assert.Equal(FeedOutcome.NeedSnapshot, (await _world.ApplyAsync(WriterWorld.Addresses(1))).Outcome);

    [Fact]
    public async Task Apply_AfterAGap_AsksForASnapshot()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Store.Fault = (_, _) => new Fault { Outcome = StoreOutcome.Failed };
        Assert.Equal(FeedOutcome.Failed, (await _world.ApplyAsync(WriterWorld.Addresses(1, 2))).Outcome);
        Assert.Equal(FeedOutcome.NeedSnapshot, (await _world.ApplyAsync(WriterWorld.Addresses(1, 2, 3))).Outcome);
    }

    [Fact]
    public async Task Apply_AfterAWriteThatBroke_AsksForASnapshot()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Store.Fault = (_, _) => throw new IOException("broken");
        await Assert.ThrowsAsync<IOException>(() => _world.ApplyAsync(WriterWorld.Addresses(1, 2)));
        Assert.Equal(FeedOutcome.NeedSnapshot, (await _world.ApplyAsync(WriterWorld.Addresses(1, 2, 3))).Outcome);
    }

    [Fact]
    public async Task Apply_WhenSomethingStoodInTheWay_AsksForASnapshotThatTellsWhetherItStillDoes()
    {
        Store.Stand(WriterWorld.Object(0, 9) with { ManagedBy = "helm" });
        Assert.Equal(FeedOutcome.InSync, (await _world.ReconcileAsync()).Outcome);
        Store.Objects.Remove(First);
        Assert.Equal(FeedOutcome.InSync, (await _world.FeedAsync(WriterWorld.Addresses(1))).Outcome);
        Assert.Equal(WriterWorld.Addresses(1), Store.Objects[First].Nets);
    }

    [Fact]
    public async Task Apply_OneAddress_WritesOneObject()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1, 2, 3, 4));
        Store.Requests.Clear();
        await _world.ApplyAsync(WriterWorld.Addresses(1, 2, 3, 4, 5));
        Assert.Equal([$"update {First}.shard-1"], Store.Requests);
    }

    [Fact]
    public async Task Update_SomebodyWroteMeanwhile_IsAConflictThatShowsWhatStands()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Store.Fault = (_, _) => new Fault { TouchBefore = true };
        var reply = await _world.ApplyAsync(WriterWorld.Addresses(2));
        Assert.Equal(FeedOutcome.Conflict, reply.Outcome);
        Assert.Equal(Store.Objects[First], Assert.Single(reply.Seen));
        Assert.Equal(WriterWorld.Addresses(1), Store.Objects[First].Nets);
    }

    [Fact]
    public async Task Update_OfAnObjectThatIsGone_TellsSo()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        var uid = Store.Objects[First].Uid;
        Store.Objects.Remove(First);
        var reply = await _world.ApplyAsync(WriterWorld.Addresses(2));
        Assert.Equal((FeedOutcome.Conflict, new GoneObject(First, uid)), (reply.Outcome, Assert.Single(reply.Gone)));
    }

    [Fact]
    public async Task Update_AnswerShowsOtherContent_IsAFailure()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Store.Fault = (_, _) => new Fault { Answer = result => result with { Seen = result.Seen! with { Nets = [.. WriterWorld.Addresses(1)] } } };
        Assert.Equal(FeedOutcome.Failed, (await _world.ApplyAsync(WriterWorld.Addresses(1, 2))).Outcome);
    }

    [Fact]
    public async Task Busy_WithRetryAfter_HandsItOn()
    {
        Store.Fault = (_, _) => new Fault { Answer = _ => new() { Outcome = StoreOutcome.Busy, RetryAfter = TimeSpan.FromSeconds(7) } };
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Assert.Equal((FeedOutcome.Failed, TimeSpan.FromSeconds(7)), (reply.Outcome, reply.RetryAfter));
    }

    [Fact]
    public async Task Removal_BesideAnAdditionThatFails_IsWrittenAndAnswered()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1, 2, 3, 4, 5, 6));
        Store.Fault = (verb, _) => verb == WriteVerb.Create ? new Fault { Outcome = StoreOutcome.Invalid } : null;
        // Fills the second object, needs a third, and empties the first of one.
        Store.Requests.Clear();
        var reply = await _world.ReconcileAsync(WriterWorld.Addresses(2, 3, 4, 5, 6, 7, 8, 9));
        Assert.Equal(FeedOutcome.Failed, reply.Outcome);
        Assert.DoesNotContain(WriterWorld.Address(1), Store.Union);
        Assert.Equal(reply.Writes, reply.Seen.Length);
        Assert.Contains(Store.Objects[First], reply.Seen);
    }

    [Fact]
    public async Task Failure_ThenASuccess_AnswersWithBoth()
    {
        Store.Stand(WriterWorld.Object(0, 1));
        Store.Stand(WriterWorld.Object(1, 2));
        Store.Fault = (_, name) => name == First ? new Fault { Outcome = StoreOutcome.Failed } : null;
        var reply = await _world.ReconcileAsync();
        Assert.Equal((FeedOutcome.Failed, 1, "standing-1"), (reply.Outcome, reply.Writes, Assert.Single(reply.Gone).Uid));
    }

    [Fact]
    public async Task Delete_HeldUpByAFinalizer_EmptiesTheObjectAndUsesItAgain()
    {
        await _world.ReconcileAsync(WriterWorld.Addresses(1));
        Store.WithFinalizer.Add(First);
        Assert.Equal(FeedOutcome.InSync, (await _world.ApplyAsync()).Outcome);
        Assert.True(Store.Objects[First] is { Deleting: true, Nets.IsEmpty: true });
        Assert.True(_world.IsInSync([]));
        Assert.Equal(FeedOutcome.InSync, (await _world.ApplyAsync(WriterWorld.Addresses(2))).Outcome);
        Assert.Equal(WriterWorld.Addresses(2), Store.Objects[First].Nets);
    }

    [Fact]
    public async Task DryRun_WithEverythingToDo_WritesNothing()
    {
        _world.Rules = _world.Rules with { DryRun = true };
        Store.Stand(WriterWorld.Object(0, 1));
        Store.Stand(WriterWorld.Object(1, 2));
        Store.Stand(WriterWorld.Object(0, 3) with { Name = "copy" });
        Assert.Equal(FeedOutcome.DryRun, (await _world.ReconcileAsync(WriterWorld.Addresses(1, 5))).Outcome);
        Assert.Equal(FeedOutcome.DryRun, (await _world.ReconcileAsync()).Outcome);
        Assert.Empty(Store.Requests);
    }

    [Fact]
    public async Task Retain_AndRemovalStarted_AreMarkedOnTheObjects()
    {
        _world.Rules = _world.Rules with { Retain = true, RemovalStarted = "2026-01-02T03:04:05Z" };
        await _world.ReconcileAsync(WriterWorld.Addresses(1, 2, 3, 4));
        Assert.All(Store.Objects.Values, seen => Assert.Equal(RemovalMarks.Retain, seen.OnRemoval));
        Assert.Equal(("2026-01-02T03:04:05Z", null), (Store.Objects[First].RemovalStarted, Store.Objects[$"{First}.shard-1"].RemovalStarted));
        _world.Rules = _world.Rules with { Retain = false, RemovalStarted = null };
        await _world.ReconcileAsync(WriterWorld.Addresses(1, 2, 3, 4));
        Assert.All(Store.Objects.Values, seen => Assert.Equal((null, null), (seen.OnRemoval, seen.RemovalStarted)));
    }
}
