using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Tests.Membership;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Tests.Watching;

public sealed class WatcherTests
{
    private static readonly GridOptions Blue = new() { Clusters = [World.Entry("blue")] };

    [Fact]
    public async Task Pod_ThatComesAndGoes_IsInItsSetMeanwhile()
    {
        await using var world = await World.StartAsync(Blue);

        await world.Remote["blue"].SetAsync("shop", "web-1", "web", "10.0.0.1", "fd00::1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 2, "both addresses are written");
        Assert.Equal(["10.0.0.1", "fd00::1"], world.Calico.Nets("blue-shop-web"));

        await world.Remote["blue"].DeleteAsync("shop", "web-1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the empty set's object is gone");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal(["create blue-shop-web", "delete blue-shop-web"], world.Calico.Writes);
    }

    [Fact]
    public async Task Start_WithCalicoAsWanted_WritesNothing()
    {
        await using var world = await World.StartAsync(Blue, w =>
        {
            w.Calico.Put(Object("blue", "shop", "web", "10.0.0.1"));
            w.Remote["blue"].Silently(pods => pods[("shop", "web-1")] = new("shop", "web-1", "web", ["10.0.0.1"]));
        });

        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Empty(world.Calico.Writes);
    }

    [Fact]
    public async Task Start_WithAnOlderOperatorsObjects_AdoptsWhatIsWantedAndRemovesTheRest()
    {
        await using var world = await World.StartAsync(Blue, w =>
        {
            w.Calico.Put(Object("blue", "shop", "web", "10.0.0.1") with { Owner = null });
            w.Calico.Put(Object("blue", "shop", "old", "10.0.0.9") with { Owner = null });
            w.Remote["blue"].Silently(pods => pods[("shop", "web-1")] = new("shop", "web-1", "web", ["10.0.0.1"]));
        });

        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var left = Assert.Single(world.Calico.Objects);
        Assert.Equal(("blue-shop-web", "kube-policy-semaphore"), (left.Name, left.Owner));
    }

    [Fact]
    public async Task Source_ThatEndsByAFault_IsToldOfAndBegunAnew()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "stays", "web", "10.0.0.1");
        await world.Remote["blue"].SetAsync("shop", "goes", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 2, "both are there");

        world.Remote["blue"].Fail(new InvalidOperationException("nobody thought of this"));
        await world.WaitForStateAsync("blue", ClusterState.Unreachable);
        Assert.Contains("nobody thought of this", (await world.StatusAsync("blue")).LastError, StringComparison.Ordinal);
        Assert.Equal(2, world.Calico.Nets("blue-shop-web").Length);

        // Nobody reads it now, so only a new list can tell.
        world.Remote["blue"].Silently(pods => pods.Remove(("shop", "goes")));
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").SequenceEqual(["10.0.0.1"]), "one has gone");
    }

    [Fact]
    public async Task Move_ToAnotherSet_LeavesTheOldOnlyWhenTheNewIsWritten()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "p", "a", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 1, "the pod is in a");

        await world.Remote["blue"].SetAsync("shop", "p", "b", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 0, "the pod has left a");

        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-shop-b"));
        Assert.Equal(["create blue-shop-a", "create blue-shop-b", "delete blue-shop-a"], world.Calico.Writes);
    }

    [Fact]
    public async Task Move_WhileTheNewSetCannotBeWritten_LeavesTheOldAfterFiveSeconds()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "p", "a", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 1, "the pod is in a");
        world.Calico.Intercept = (_, name) => name == "blue-shop-b" ? new() { Outcome = StoreOutcome.Invalid, Error = "no" } : null;

        await world.Remote["blue"].SetAsync("shop", "p", "b", "10.0.0.1");
        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-shop-a"));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 0, "the pod has left a all the same");
    }

    [Fact]
    public async Task Start_AfterAMoveThatNobodyWrote_LeavesTheOldSetOnlyWhenTheNewIsWritten()
    {
        var tries = 0;
        await using var world = await World.StartAsync(Blue, w =>
        {
            w.Calico.Put(Object("blue", "shop", "a", "10.0.0.1"));
            w.Remote["blue"].Silently(pods => pods[("shop", "p")] = new("shop", "p", "b", ["10.0.0.1"]));
            // The write of the new set comes late.
            w.Calico.Intercept = (_, name) => name == "blue-shop-b" && tries++ == 0 ? new() { Outcome = StoreOutcome.Failed, Error = "no" } : null;
        });
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 0, "the pod has left a");

        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-shop-b"));
        Assert.Equal(["create blue-shop-b", "delete blue-shop-a"], world.Calico.Writes);
    }

    [Fact]
    public async Task Start_AfterAMoveThatWasHalfWritten_TakesTheAddressOutOfTheOldSet()
    {
        await using var world = await World.StartAsync(Blue, w =>
        {
            w.Calico.Put(Object("blue", "shop", "a", "10.0.0.1"));
            w.Calico.Put(Object("blue", "shop", "b", "10.0.0.1"));
            w.Remote["blue"].Silently(pods => pods[("shop", "p")] = new("shop", "p", "b", ["10.0.0.1"]));
        });
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-a").Length == 0, "the pod has left a");

        Assert.Equal(["delete blue-shop-a"], world.Calico.Writes);
    }

    [Fact]
    public async Task Relist_WithMissedDeletion_RemovesTheAddress()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 2, "both are written");

        world.Remote["blue"].Silently(pods => pods.Remove(("shop", "a")));
        await world.Remote["blue"].RelistAsync();
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 1, "the missed deletion is seen");
        Assert.Equal(["10.0.0.2"], world.Calico.Nets("blue-shop-web"));
    }

    [Fact]
    public async Task Relist_ThatTakesAwayMost_IsHeldAndNothingGoes()
    {
        await using var world = await World.StartAsync(Blue, w => Fill(w, 30));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 30, "all are written");

        world.Remote["blue"].Silently(pods => pods.Clear());
        var decision = await world.Remote["blue"].RelistAsync();

        Assert.NotNull(decision.ListAgainAfter);
        Assert.Equal(ClusterState.Holding, (await world.StatusAsync("blue")).State);
        // A later change shows that the watcher went on and still left the rest alone.
        await world.Remote["blue"].SetAsync("shop", "extra", "web", "10.9.9.9");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 31, "an event is still applied");
    }

    [Fact]
    public async Task FirstList_ThatTakesAwayMostOfCalico_IsHeld()
    {
        await using var world = await World.StartAsync(Blue, w =>
            w.Calico.Put(Object("blue", "shop", "web", [.. Enumerable.Range(1, 30).Select(i => $"10.0.0.{i}")])));

        await world.WaitForStateAsync("blue", ClusterState.Holding);
        Assert.Equal(30, world.Calico.Nets("blue-shop-web").Length);
        Assert.Empty(world.Calico.Writes);
    }

    [Fact]
    public async Task FirstList_ThatIsHeld_WritesNothingUntilThePodsAreBack()
    {
        await using var world = await World.StartAsync(Blue, w =>
        {
            w.Calico.Put(Object("blue", "shop", "web", [.. Enumerable.Range(1, 30).Select(i => $"10.0.0.{i}")]));
            Fill(w, 5);
        });
        await world.WaitForStateAsync("blue", ClusterState.Holding);
        // Each asks for a tick, which feeds what changed.
        for (var tick = 0; tick < 3; tick++)
            await world.StatusAsync("blue");

        Fill(world, 30);
        await world.Remote["blue"].RelistAsync();
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Empty(world.Calico.Writes);
    }

    [Fact]
    public async Task Entry_ThatIsPointedAtAnotherServer_LosesNothingToAListThatTakesAwayMost()
    {
        await using var world = await World.StartAsync(Blue, w => Fill(w, 30));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 30, "all are written");

        world.Remote["blue"].Silently(pods => pods.Clear());
        world.Configure(Blue with { Clusters = [World.Entry("blue") with { Connection = new() { Kubeconfig = "another" } }] });
        await world.WaitForStateAsync("blue", ClusterState.Holding);

        Assert.Equal(30, world.Calico.Nets("blue-shop-web").Length);
    }

    [Fact]
    public async Task Entry_ThatIsNarrowed_LosesWhatItExcludesWithoutAHold()
    {
        await using var world = await World.StartAsync(Blue, w => Fill(w, 30));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 30, "all are written");

        Assert.True(Cidr.TryParse("10.0.0.1/32", out var range));
        world.Configure(Blue with { Clusters = [World.Entry("blue") with { AllowedCidrs = [range] }] });
        await world.StatusAsync("blue");

        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web") is ["10.0.0.1"], "the others are out");
    }

    [Fact]
    public async Task Entry_ThatChanged_HearsNoMoreOfWhatItsOldSourceReads()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var old = Assert.Single(world.Remote["blue"].Running).Sink!;

        world.Configure(Blue with { Clusters = [World.Entry("blue") with { IncludeHostNetwork = true }] });
        await world.StatusAsync("blue");
        await old.ApplyAsync(TestPod.Batch(new TestPod("b") { Addresses = ["10.6.6.6"] }), CancellationToken.None);
        await old.ReplaceAsync([TestPod.Batch(new TestPod("c") { Addresses = ["10.6.6.7"] })], CancellationToken.None);
        await world.Remote["blue"].SetAsync("shop", "d", "web", "10.0.0.2");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Contains("10.0.0.2"), "the new source is heard");

        Assert.Equal([["10.0.0.1"], ["10.0.0.1", "10.0.0.2"]], world.Calico.HistoryOf("blue-shop-web"));
    }

    [Fact]
    public async Task Drift_ByHand_IsRepaired()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var written = Assert.Single(world.Calico.Objects);

        world.Calico.Put(written with { Nets = Object("blue", "shop", "web", "10.6.6.6").Nets });
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web") is ["10.0.0.1"], "edited nets are repaired");
        world.Calico.Remove("blue-shop-web");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web") is ["10.0.0.1"], "the deleted object is made again");
        world.Calico.Put(world.Calico.Objects[0] with { Key = new("blue", "shop", "evil") });
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects is [var seen] && seen.Key == new NetworkSetKey("blue", "shop", "web"), "edited labels are repaired");
        world.Calico.Put(Object("blue", "shop", "ghost", "10.6.6.7"));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-ghost").Length == 0, "an object that no pod is in goes");
    }

    [Fact]
    public async Task Drift_AsSoonAsItIsRepaired_IsNotFoughtOver()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var wrong = world.Calico.Objects[0] with { Nets = Object("blue", "shop", "web", "10.6.6.6").Nets };

        world.Calico.Put(wrong);
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web") is ["10.0.0.1"], "the first is repaired at once");
        world.Calico.Put(wrong);
        var undone = world.Clock.GetTimestamp();
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web") is ["10.0.0.1"], "the second is repaired too");
        Assert.InRange(world.Clock.GetElapsedTime(undone).TotalSeconds, 3, 20);
    }

    [Fact]
    public async Task ForeignObject_UnderOurName_IsLeftAloneAndTakenOverWhenItGoes()
    {
        var foreign = Object("blue", "shop", "web", "10.7.7.7") with { Owner = null, ManagedBy = "somebody", Key = null };
        await using var world = await World.StartAsync(Blue, w => w.Calico.Put(foreign));
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");

        await world.Calico.WaitUntilAsync(
            async () => await world.Watcher("blue").GetSetsAsync(null, null) is [{ Error: not null }], "the refusal is told");
        Assert.Equal(["10.7.7.7"], world.Calico.Nets("blue-shop-web"));
        Assert.Empty(world.Calico.Writes);
    }

    [Fact]
    public async Task TwoKeys_WithOneObjectName_AreNeverMixed()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("a-b", "p", "c", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-a-b-c").Length == 1, "the first is written");

        await world.Remote["blue"].SetAsync("a", "p", "b-c", "10.0.0.2");
        await world.Calico.WaitUntilAsync(
            async () => await world.Watcher("blue").GetSetsAsync("a", "b-c") is [{ Error: not null }], "the second is refused");
        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-a-b-c"));
    }

    [Fact]
    public async Task Cluster_ThatLeftTheConfiguration_GoesAfterTheGracePeriodAndOnlyWhatIsMarked()
    {
        await using var world = await World.StartAsync(Blue with { RemovalGracePeriod = TimeSpan.FromSeconds(2) }, w =>
            w.Calico.Put(Object("blue", "shop", "theirs", "10.8.8.8") with { Owner = "another-grid" }));
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 1, "written");

        world.Configure(world.Current with { Clusters = [] });
        await world.Calico.WaitUntilAsync(
            () => world.Calico.Objects.Any(seen => seen.Name == "blue-shop-web" && seen.RemovalStarted is not null), "the start of the grace period is kept");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 0, "the set is gone");
        Assert.Equal(["10.8.8.8"], world.Calico.Nets("blue-shop-theirs"));
    }

    [Fact]
    public async Task Cluster_ThatComesBackWithinItsGrace_LosesNothing()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 1, "written");

        world.Configure(world.Current with { Clusters = [] });
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects[0].RemovalStarted is not null, "marked");
        world.Configure(Blue);
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects[0].RemovalStarted is null, "the mark is gone");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.DoesNotContain("delete blue-shop-web", world.Calico.Writes);
    }

    [Fact]
    public async Task Retain_KeepsTheObjects()
    {
        var retained = Blue with { Clusters = [World.Entry("blue") with { OnRemoval = OnRemoval.Retain }], RemovalGracePeriod = TimeSpan.Zero };
        await using var world = await World.StartAsync(retained);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 1, "written");

        world.Configure(retained with { Clusters = [World.Entry("green")] });
        await world.StatusAsync("green");
        await world.Remote["green"].SetAsync("x", "p", "marker", "10.0.0.5");
        await world.StatusAsync("blue");
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("green-x-marker").Length == 1, "the grid went on");
        await world.StatusAsync("blue");
        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-shop-web"));
    }

    [Theory]
    [InlineData(OnRemoval.Retain)]
    [InlineData(OnRemoval.Delete)]
    public async Task Cluster_ThatLeavesDuringAWriteAndComesBack_LosesNothing(OnRemoval onRemoval)
    {
        var entry = World.Entry("blue") with { OnRemoval = onRemoval };
        await using var world = await World.StartAsync(Blue with { Clusters = [entry] });
        var write = world.Calico.HoldNext("create", "blue-shop-web");
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await write.Arrived;

        world.Configure(Blue with { Clusters = [] });
        Assert.Equal(ClusterState.Removing, (await world.StatusAsync("blue")).State);
        await write.LandAsync();
        await world.Calico.WaitUntilAsync(() => world.Calls.Log.Contains("Reconcile InSync"), "the answer came");
        if (onRemoval == OnRemoval.Delete)
            await world.Calico.WaitUntilAsync(() => world.Calico.Objects is [{ RemovalStarted: not null }], "the grace period began");

        world.Configure(Blue with { Clusters = [entry] });
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.All(world.Calico.HistoryOf("blue-shop-web"), nets => Assert.Equal(["10.0.0.1"], nets));
    }

    [Fact]
    public async Task Cluster_ThatLeavesWhileWritesFail_LosesNothing()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync("shop", "a", "web", "10.0.0.1");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        var fails = true;
        world.Calico.Intercept = (_, _) => Volatile.Read(ref fails) ? new() { Outcome = StoreOutcome.Failed, Error = "injected" } : null;
        await world.Remote["blue"].SetAsync("shop", "b", "web", "10.0.0.2");
        await world.WaitForStateAsync("blue", ClusterState.Failing);

        world.Configure(Blue with { Clusters = [] });
        Assert.Equal(ClusterState.Removing, (await world.StatusAsync("blue")).State);
        Volatile.Write(ref fails, false);
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects is [{ RemovalStarted: not null }], "the grace period began");
        Assert.Equal(["10.0.0.1"], world.Calico.Nets("blue-shop-web"));
    }

    [Fact]
    public async Task Writes_ThatFailForAWhile_EndWithTheTruth()
    {
        await using var world = await World.StartAsync(Blue);
        var count = 0;
        world.Calico.Intercept = (_, _) => ++count % 2 == 1
            ? new() { Outcome = count % 4 == 1 ? StoreOutcome.Conflict : StoreOutcome.Busy, Error = "injected", RetryAfter = TimeSpan.FromMilliseconds(20) }
            : null;

        for (var i = 1; i <= 40; i++)
            await world.Remote["blue"].SetAsync("shop", $"p{i}", $"set-{i % 5}", $"10.0.0.{i}");
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        for (var set = 0; set < 5; set++)
            Assert.Equal(8, world.Calico.Nets($"blue-shop-set-{set}").Length);
    }

    [Fact]
    public async Task LargeSet_GoesOnInFurtherObjects()
    {
        await using var world = await World.StartAsync(Blue with { MaxNetsPerObject = 10 }, w => Fill(w, 25));
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        Assert.Equal(
            [("blue-shop-web", 10, null), ("blue-shop-web.shard-1", 10, "1"), ("blue-shop-web.shard-2", 5, "2")],
            world.Calico.Objects.Select(seen => (seen.Name, seen.Nets.Length, seen.ShardLabel)));
    }

    [Fact]
    public async Task Stale_Cluster_LosesItsSetsWhenAskedTo()
    {
        var stale = Blue with { Clusters = [World.Entry("blue") with { StaleAfter = TimeSpan.FromSeconds(2) }] };
        await using var world = await World.StartAsync(stale, w => Fill(w, 3));
        await world.Calico.WaitUntilAsync(() => world.Calico.Nets("blue-shop-web").Length == 3, "written");
        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "gone after two seconds of silence");
    }

    [Fact]
    public async Task Clock_SetForward_MakesNoClusterStale()
    {
        var stale = Blue with { Clusters = [World.Entry("blue") with { StaleAfter = TimeSpan.FromHours(1) }] };
        await using var world = await World.StartAsync(stale, w => Fill(w, 3));
        await world.WaitForStateAsync("blue", ClusterState.Synced);

        world.Clock.Step(TimeSpan.FromHours(2));

        Assert.Equal((ClusterState.Synced, 3), await StateAndPodsAsync(world));
        Assert.Equal(3, world.Calico.Nets("blue-shop-web").Length);
    }

    [Fact]
    public async Task Clock_SetBack_KeepsNoMovedAddressInItsOldSet()
    {
        await using var world = await World.StartAsync(Blue, w => Fill(w, 1));
        await world.WaitForStateAsync("blue", ClusterState.Synced);
        world.Calico.Intercept = (_, name) => name == "blue-shop-other" ? new() { Outcome = StoreOutcome.Failed, Error = "injected" } : null;
        await world.Remote["blue"].SetAsync("shop", "web-1", "other", "10.0.0.1");

        world.Clock.Step(TimeSpan.FromMinutes(-10));

        await world.Calico.WaitUntilAsync(() => world.Calico.Objects.IsEmpty, "the moved pod left its old set, as the new one is not written");
    }

    [Fact]
    public async Task Explain_TellsWhyAPodIsInNoSet()
    {
        await using var world = await World.StartAsync(Blue);
        await world.Remote["blue"].SetAsync(new("shop", "host", "web", ["10.0.0.1"], PodTraits.HostNetwork));
        await world.Remote["blue"].SetAsync("shop", "bad", "Bad_Name", "10.0.0.2");

        Assert.Equal("HostNetwork", Assert.Single(await world.Watcher("blue").ExplainPodAsync("shop", "host")).Reason);
        Assert.Equal("InvalidSetName", Assert.Single(await world.Watcher("blue").ExplainPodAsync("shop", "bad")).Reason);
    }

    private static async Task<(ClusterState State, int Pods)> StateAndPodsAsync(World world)
    {
        var status = await world.StatusAsync("blue");
        return (status.State, status.Pods);
    }

    private static void Fill(World world, int pods) => world.Remote["blue"].Silently(all =>
    {
        for (var i = 1; i <= pods; i++)
            all[("shop", $"web-{i}")] = new("shop", $"web-{i}", "web", [$"10.0.0.{i}"]);
    });

    private static NetworkSetObject Object(string cluster, string ns, string name, params string[] ips) => new()
    {
        Name = $"{cluster}-{ns}-{name}",
        Uid = "",
        ResourceVersion = "",
        ManagedBy = NamingConvention.KubePolicySemaphore.ManagedBy,
        Key = new(cluster, ns, name),
        Owner = "kube-policy-semaphore",
        Nets = [.. ips.Select(ip => PodAddress.From(System.Net.IPAddress.Parse(ip)))],
        NetsExact = true,
    };
}
