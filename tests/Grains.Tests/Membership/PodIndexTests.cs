using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Tests.Membership;

public sealed class PodIndexTests
{
    private static readonly Guid FirstUid = new(1, 0, 0, new byte[8]);
    private static readonly Guid SecondUid = new(2, 0, 0, new byte[8]);

    private readonly PodIndex _index = new(new() { Cluster = "blue" });

    [Fact]
    public void Upsert_RunningPod_IsAMemberOfTheSetItNames()
    {
        Apply(new TestPod());
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal((1, 1, 1, 1), (_index.KnownPods, _index.Members, _index.SetCount, _index.NetCount));
    }

    [Fact]
    public void Upsert_TerminatingPod_Stays()
    {
        Apply(new TestPod());
        Apply(new TestPod { Traits = PodTraits.Terminating });
        Assert.Equal("10.0.0.1", Nets("web"));
    }

    [Fact]
    public void Upsert_FinishedPod_Goes()
    {
        Apply(new TestPod());
        Apply(new TestPod { Traits = PodTraits.Finished | PodTraits.Terminating });
        Assert.Equal("", Nets("web"));
        Assert.Equal(1, _index.Skipped(SkipReason.Finished));
    }

    [Fact]
    public void Upsert_PodOnTheHostNetwork_IsSkippedUnlessIncluded()
    {
        var pod = new TestPod { Traits = PodTraits.HostNetwork };
        Apply(pod);
        Assert.Equal("", Nets("web"));
        Assert.Equal(1, _index.Skipped(SkipReason.HostNetwork));
        _index.Rules = _index.Rules with { IncludeHostNetwork = true };
        Relist(pod);
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal(0, _index.Skipped(SkipReason.HostNetwork));
    }

    [Fact]
    public void Upsert_PodWithoutAddress_IsSkippedUntilItHasOne()
    {
        Apply(new TestPod { Addresses = [] });
        Assert.Equal(1, _index.Skipped(SkipReason.NoAddress));
        Assert.Equal(0, _index.Members);
        Apply(new TestPod());
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal(0, _index.Skipped(SkipReason.NoAddress));
    }

    [Fact]
    public void Upsert_DualStackPod_CountsWithAllItsAddresses()
    {
        Apply(new TestPod { Addresses = ["10.0.0.1", "fd00::1", "10.0.0.2"] });
        Assert.Equal("10.0.0.1 10.0.0.2 fd00::1", Nets("web"));
        Assert.Equal((1, 3), (_index.Find(new("blue", "shop", "web"))!.PodCount, _index.NetCount));
    }

    [Fact]
    public void Upsert_PodThatNamesNoSet_IsSkippedAndToldOnce()
    {
        Apply(new TestPod { SetName = "" });
        Apply(new TestPod { SetName = "", ResourceVersion = 2, Addresses = ["10.0.0.2"] });
        Assert.Equal(1, _index.Skipped(SkipReason.NoSetName));
        Assert.Equal(new Refusal("shop", "p", "set name", "NoSetName", ""), Assert.Single(_index.TakeRefusals()));
        Assert.Empty(_index.TakeRefusals());
    }

    [Theory]
    [InlineData("Web")]
    [InlineData("we_b")]
    [InlineData("-web")]
    [InlineData("..")]
    [InlineData("web.shard-1")]
    [InlineData("web/x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Upsert_PodThatNamesASetThatCannotBe_IsSkippedAndTold(string name)
    {
        Apply(new TestPod { SetName = name });
        Assert.Equal(1, _index.Skipped(SkipReason.InvalidSetName));
        Assert.Equal((0, 0, 0), (_index.Members, _index.SetCount, _index.NetCount));
        Assert.Equal(new Refusal("shop", "p", "set name", "InvalidSetName", name), Assert.Single(_index.TakeRefusals()));
    }

    [Fact]
    public void Upsert_AddressOutsideAllowedCidrs_IsRefusedAndTheOthersKept()
    {
        Assert.True(Cidr.TryParse("10.0.0.0/16", out var range));
        _index.Rules = _index.Rules with { AllowedCidrs = [range] };
        Apply(new TestPod { Addresses = ["10.0.0.1", "10.1.0.1", "fd00::1"] });
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal(2, _index.Outside);
        Assert.Equal(new Refusal("shop", "p", "status.podIPs", "OutsideAllowedCidrs", "10.1.0.1"), Assert.Single(_index.TakeRefusals()));
        Apply(new TestPod());
        Assert.Equal(0, _index.Outside);
    }

    [Fact]
    public void Upsert_AddressInAnyOfTheAllowedCidrs_Counts()
    {
        Assert.True(Cidr.TryParse("10.0.0.0/16", out var first));
        Assert.True(Cidr.TryParse("10.2.0.0/16", out var second));
        Assert.True(Cidr.TryParse("fd00::/64", out var third));
        _index.Rules = _index.Rules with { AllowedCidrs = [first, second, third] };
        Apply(new TestPod { Addresses = ["10.2.0.1", "fd00::1", "10.1.0.1"] });
        Assert.Equal("10.2.0.1 fd00::1", Nets("web"));
        Assert.Equal(1, _index.Outside);
    }

    [Fact]
    public void Upsert_TextThatIsNoAddress_IsRefusedAndTheOthersKept()
    {
        Apply(new TestPod { Refused = ["010.0.0.1"] });
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal(1, _index.Invalid);
        Assert.Equal(new Refusal("shop", "p", "status.podIPs", "InvalidAddress", "010.0.0.1"), Assert.Single(_index.TakeRefusals()));
        ApplyDelete(new TestPod());
        Assert.Equal((0, 0), (_index.Invalid, _index.KnownPods));
    }

    [Fact]
    public void TakeRefusals_AfterAMillionBadPods_HoldsFewAndCountsTheRest()
    {
        for (var i = 0; i < 1_000; i++)
            Apply(new TestPod($"p{i}") { SetName = "" });
        var untold = _index.UntoldRefusals;
        Assert.Equal(1_000, _index.TakeRefusals().Count + untold);
        Assert.InRange(untold, 1, 999);
        Assert.Equal(0, _index.UntoldRefusals);
    }

    [Fact]
    public void Delete_OneOfTwoPodsWithOneAddress_LeavesItToTheLast()
    {
        Apply(new TestPod("a"), new TestPod("b"));
        ApplyDelete(new TestPod("a"));
        Assert.Equal("10.0.0.1", Nets("web"));
        Apply(new TestPod("b") { Addresses = ["10.0.0.2"] });
        Assert.Equal("10.0.0.2", Nets("web"));
    }

    [Fact]
    public void Delete_LateOfAnEarlierUid_LeavesThePodThatHasTheName()
    {
        Apply(new TestPod { Uid = FirstUid, ResourceVersion = 1 });
        Apply(new TestPod { Uid = SecondUid, ResourceVersion = 3, Addresses = ["10.0.0.2"] });
        ApplyDelete(new TestPod { Uid = FirstUid, ResourceVersion = 4 });
        Assert.Equal("10.0.0.2", Nets("web"));
        ApplyDelete(new TestPod { Uid = SecondUid, ResourceVersion = 5 });
        Assert.Equal("", Nets("web"));
    }

    [Fact]
    public void Apply_OlderResourceVersion_IsPassedOver()
    {
        Apply(new TestPod { ResourceVersion = 9, Addresses = ["10.0.0.2"] });
        Apply(new TestPod { ResourceVersion = 8 });
        ApplyDelete(new TestPod { ResourceVersion = 8 });
        Assert.Equal("10.0.0.2", Nets("web"));
    }

    [Fact]
    public void Relist_OlderResourceVersion_IsBelieved()
    {
        Apply(new TestPod { ResourceVersion = 9, Addresses = ["10.0.0.2"] });
        Relist(new TestPod { ResourceVersion = 8 });
        Assert.Equal("10.0.0.1", Nets("web"));
    }

    [Fact]
    public void Relist_WithMissedDeletion_RemovesTheAddress()
    {
        Apply(new TestPod("a"), new TestPod("b") { Addresses = ["10.0.0.2"] });
        Relist(new TestPod("b") { Addresses = ["10.0.0.2"] }, new TestPod("c") { Addresses = ["10.0.0.3"] });
        Assert.Equal("10.0.0.2 10.0.0.3", Nets("web"));
    }

    [Fact]
    public void Relist_WithAPodThatCannotBeDecoded_KeepsWhatIsKnownOfIt()
    {
        Apply(new TestPod());
        var pages = new[] { TestPod.Batch([(PodChange.Unreadable, new TestPod { Addresses = [] }), (PodChange.Unreadable, new TestPod("unknown"))]) };

        Assert.Equal(0, _index.PlanRelist(pages).Removed);
        _index.Relist(pages, now: 0);
        Assert.Equal("10.0.0.1", Nets("web"));
        Assert.Equal(1, _index.KnownPods);
    }

    [Fact]
    public void Relist_OfTheSamePods_ChangesNoSet()
    {
        Apply(new TestPod("a"), new TestPod("b") { Addresses = ["10.0.0.2"] });
        _index.TakeChanged([]);
        Relist(new TestPod("a"), new TestPod("b") { Addresses = ["10.0.0.2"] });
        var changed = new List<MemberSet>();
        _index.TakeChanged(changed);
        Assert.Empty(changed);
    }

    [Fact]
    public void Move_ToAnotherSet_LeavesTheOldOneWhenTheNewIsWritten()
    {
        Move();
        Assert.Equal(("10.0.0.1", "10.0.0.1"), (Nets("web"), Nets("db")));
        _index.MarkWritten(Set("web"));
        Assert.Equal("10.0.0.1", Nets("web"));
        _index.MarkWritten(Set("db"));
        Assert.Equal(("", "10.0.0.1"), (Nets("web"), Nets("db")));
        Assert.False(_index.HasLingering);
    }

    [Fact]
    public void Move_WhoseNewSetIsNotWritten_LeavesTheOldOneAfterFiveSeconds()
    {
        Move(now: 1_000);
        _index.ReleaseOverdue(5_999);
        Assert.Equal("10.0.0.1", Nets("web"));
        _index.ReleaseOverdue(6_000);
        Assert.Equal(("", "10.0.0.1"), (Nets("web"), Nets("db")));
    }

    [Fact]
    public void Move_OfAPodThatThenGoes_LeavesBothAtOnce()
    {
        Move();
        ApplyDelete(new TestPod());
        Assert.Equal(("", ""), (Nets("web"), Nets("db")));
    }

    [Fact]
    public void Move_OfAPodThatThenFinishes_LeavesBothAtOnce()
    {
        Move();
        Apply(new TestPod { Traits = PodTraits.Finished });
        Assert.Equal(("", ""), (Nets("web"), Nets("db")));
    }

    [Fact]
    public void Move_OfAPodWhoseAddressThenChanges_LeavesTheOldSetAtOnce()
    {
        Move();
        Apply(new TestPod { SetName = "db", Addresses = ["10.0.0.2"] });
        Assert.Equal(("", "10.0.0.2"), (Nets("web"), Nets("db")));
    }

    [Fact]
    public void Move_WithAnotherAddress_LeavesTheOldSetAtOnce()
    {
        Apply(new TestPod());
        Apply(new TestPod { SetName = "db", Addresses = ["10.0.0.2"] });
        Assert.Equal(("", "10.0.0.2"), (Nets("web"), Nets("db")));
    }

    [Fact]
    public void Move_OnToAThirdSet_LeavesTheEarlierOnesWhenTheThirdIsWritten()
    {
        Move();
        Apply(new TestPod { SetName = "api" });
        _index.MarkWritten(Set("db"));
        Assert.Equal(("10.0.0.1", "10.0.0.1", "10.0.0.1"), (Nets("web"), Nets("db"), Nets("api")));
        _index.MarkWritten(Set("api"));
        Assert.Equal(("", "", "10.0.0.1"), (Nets("web"), Nets("db"), Nets("api")));
    }

    [Fact]
    public void Move_BackToTheOldSet_StaysThereWhenOverdue()
    {
        Move();
        Apply(new TestPod());
        _index.ReleaseOverdue(long.MaxValue);
        Assert.Equal(("10.0.0.1", ""), (Nets("web"), Nets("db")));
        ApplyDelete(new TestPod());
        Assert.Equal("", Nets("web"));
    }

    [Fact]
    public void Move_WithoutEnd_IsHeldInFewSets()
    {
        for (var i = 0; i < 1_000; i++)
            Apply(new TestPod { SetName = $"s{i}" });
        Assert.InRange(_index.NetCount, 2, 20);
        Assert.Equal("10.0.0.1", Nets("s999"));
        Assert.Equal("10.0.0.1", Nets("s998"));
    }

    [Fact]
    public void Move_BackAndForthWithoutEnd_IsHeldOncePerSet()
    {
        for (var i = 0; i < 1_001; i++)
            Apply(new TestPod { SetName = i % 2 == 0 ? "web" : "db" });
        _index.MarkWritten(Set("web"));
        Assert.Equal(("10.0.0.1", ""), (Nets("web"), Nets("db")));
        ApplyDelete(new TestPod());
        Assert.Equal(0, _index.NetCount);
    }

    [Fact]
    public void Quota_OfNets_KeepsWhatIsThereAndRefusesWhatIsNew()
    {
        _index.Rules = _index.Rules with { MaxNets = 2 };
        Apply(Numbered(1), Numbered(2), Numbered(3));
        Assert.Equal("10.0.0.1 10.0.0.2", Nets("web"));
        Assert.Equal((1, 2), (_index.OverQuota, _index.NetCount));
        Assert.Equal(new Refusal("shop", "p3", "set name", "Quota", "web"), Assert.Single(_index.TakeRefusals()));
    }

    [Fact]
    public void Quota_OfNets_RefusesAPodWithAllItsAddresses()
    {
        _index.Rules = _index.Rules with { MaxNets = 1 };
        Apply(new TestPod { Addresses = ["10.0.0.1", "fd00::1"] });
        Assert.Equal(("", 2), (Nets("web"), _index.OverQuota));
    }

    [Fact]
    public void Quota_OfSets_RefusesPodsOfAFurtherSet()
    {
        _index.Rules = _index.Rules with { MaxSets = 1 };
        Apply(Numbered(1), Numbered(2) with { SetName = "db" }, Numbered(3));
        Assert.Equal(("10.0.0.1 10.0.0.3", 1, 1), (Nets("web"), _index.SetCount, _index.OverQuota));
    }

    [Fact]
    public void Quota_WithRoomAgain_LetsInTheOneThatWaits()
    {
        _index.Rules = _index.Rules with { MaxNets = 1 };
        Apply(Numbered(1), Numbered(2));
        ApplyDelete(Numbered(1));
        Assert.Equal(("10.0.0.2", 0), (Nets("web"), _index.OverQuota));
    }

    [Fact]
    public void Quota_Raised_LetsInAllThatWait()
    {
        _index.Rules = _index.Rules with { MaxNets = 1 };
        var pods = Enumerable.Range(1, 250).Select(Numbered).ToArray();
        Apply(pods);
        _index.Rules = _index.Rules with { MaxNets = 300 };
        Relist(pods);
        Assert.Equal((250, 0), (_index.NetCount, _index.OverQuota));
    }

    [Fact]
    public void Quota_FullOfPodsThatAListNoLongerHas_HasRoomForThoseItHas()
    {
        _index.Rules = _index.Rules with { MaxNets = 100, MaxPods = 100 };
        Apply([.. Enumerable.Range(1, 100).Select(Numbered)]);
        Relist([.. Enumerable.Range(101, 100).Select(Numbered)]);
        Assert.Equal((100, 0, 0), (_index.NetCount, _index.OverQuota, _index.Unremembered));
    }

    [Fact]
    public void Quota_WithManyThatCannotGetIn_LetsInTheOneThatCan()
    {
        _index.Rules = _index.Rules with { MaxSets = 1, MaxNets = 2 };
        Apply(Numbered(1), Numbered(2));
        for (var i = 3; i <= 102; i++)
            Apply(Numbered(i) with { SetName = $"s{i}" });
        Apply(Numbered(103));
        ApplyDelete(Numbered(1));
        Assert.Equal("10.0.0.103 10.0.0.2", Nets("web"));
    }

    [Fact]
    public void Quota_WhileNothingMoves_TellsAWaitingPodOnce()
    {
        _index.Rules = _index.Rules with { MaxNets = 2 };
        Apply(Numbered(1), Numbered(2), Numbered(3));
        _index.TakeRefusals();
        ApplyDelete(Numbered(9));
        Apply(Numbered(1) with { Traits = PodTraits.Terminating });
        // Makes room for one address, of which there is none: another pod has it.
        Apply(Numbered(2) with { Addresses = ["10.0.0.1"] });
        Assert.Empty(_index.TakeRefusals());
    }

    [Fact]
    public void Quota_Full_LetsAMemberChangeItsAddressAndItsSet()
    {
        _index.Rules = _index.Rules with { MaxSets = 1, MaxNets = 1 };
        Apply(Numbered(1));
        Apply(Numbered(2) with { SetName = "db" });
        Apply(Numbered(1) with { Addresses = ["10.0.0.9"] });
        Assert.Equal("10.0.0.9", Nets("web"));
        Apply(Numbered(1) with { Addresses = ["10.0.0.9"], SetName = "api" });
        Assert.Equal(("", "10.0.0.9", null), (Nets("web"), Nets("api"), _index.Find(new("blue", "shop", "db"))));
    }

    [Fact]
    public void MaxPods_Reached_RemembersNoMore()
    {
        _index.Rules = _index.Rules with { MaxPods = 2 };
        Apply(Numbered(1), Numbered(2), Numbered(3) with { Namespace = "pay" });
        Assert.Equal((2, 1, "10.0.0.1 10.0.0.2"), (_index.KnownPods, _index.Unremembered, Nets("web")));
        Assert.Null(_index.Find(new("blue", "pay", "web")));
    }

    [Fact]
    public void Forget_EmptySet_DropsItButNeverOneOfThatNameThatCameAfter()
    {
        Apply(new TestPod());
        var first = Set("web");
        _index.Forget(first);
        Assert.Same(first, Set("web"));
        ApplyDelete(new TestPod());
        _index.Forget(first);
        Assert.Null(_index.Find(first.Key));
        Apply(new TestPod());
        _index.Forget(first);
        Assert.Equal("10.0.0.1", Nets("web"));
    }

    [Fact]
    public void Find_AnotherClustersSet_IsNull()
    {
        Apply(new TestPod());
        Assert.Null(_index.Find(new("green", "shop", "web")));
        Assert.NotNull(_index.Find(new("blue", "shop", "web")));
    }

    private static TestPod Numbered(int i) => new($"p{i}") { Addresses = [$"10.0.{i / 256}.{i % 256}"] };

    private void Apply(params TestPod[] pods) => _index.Apply(TestPod.Batch(pods), now: 0);

    private void ApplyDelete(TestPod pod) => _index.Apply(pod.Deleted(), now: 0);

    private void Relist(params TestPod[] pods) => _index.Relist([TestPod.Batch(pods)], now: 0);

    private void Move(long now = 0)
    {
        Apply(new TestPod());
        _index.Apply(TestPod.Batch(new TestPod { SetName = "db" }), now);
    }

    private MemberSet Set(string name) => _index.Find(new("blue", "shop", name))!;

    private string Nets(string name) =>
        string.Join(' ', (_index.Find(new("blue", "shop", name))?.Nets ?? []).Select(net => net.ToString()).Order(StringComparer.Ordinal));
}
