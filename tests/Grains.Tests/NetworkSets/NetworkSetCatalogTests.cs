using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class NetworkSetCatalogTests
{
    private static readonly NetworkSetKey Web = WriterWorld.Key;
    private static readonly NetworkSetKey Db = new("blue", "shop", "db");

    private readonly FakeTimeProvider _time = new();
    private readonly Listener _blue = new();
    private readonly NetworkSetCatalog _catalog;

    public NetworkSetCatalogTests()
    {
        _catalog = new(_time);
        _catalog.Listen("blue", _blue);
    }

    [Fact]
    public void Upsert_OlderOrSameVersion_IsNotTakenNorTold()
    {
        _catalog.Upsert(Seen(10, 1));
        _blue.Told.Clear();
        _catalog.Upsert(Seen(9, 2));
        _catalog.Upsert(Seen(10, 2));
        Assert.Equal("10", Assert.Single(_catalog.ObjectsOf(Web)).ResourceVersion);
        Assert.Empty(_blue.Told);
        // As numbers: as text, 9 is greater than 10.
        _catalog.Upsert(Seen(100, 2));
        Assert.Equal("100", Assert.Single(_catalog.ObjectsOf(Web)).ResourceVersion);
        Assert.Equal([Web], _blue.Told);
    }

    [Fact]
    public void Upsert_AnotherUid_IsTakenWhateverItsVersion()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Upsert(Seen(3, 2) with { Uid = "new" });
        Assert.Equal("new", Assert.Single(_catalog.ObjectsOf(Web)).Uid);
    }

    [Fact]
    public void Upsert_LabelsMoved_TellsTheOldSetAndTheNew()
    {
        _catalog.Upsert(Seen(1, 1));
        _blue.Told.Clear();
        _catalog.Upsert(Seen(2, 1) with { Key = Db });
        Assert.Equal([Web, Db], _blue.Told);
        Assert.Equal([Db], _catalog.KeysOf("blue"));
        _catalog.Upsert(Seen(3, 1) with { Key = null });
        Assert.Equal([Web, Db, Db], _blue.Told);
        Assert.Empty(_catalog.KeysOf("blue"));
    }

    [Fact]
    public void Listen_ToOneCluster_HearsNothingOfAnotherNorAfterTheEnd()
    {
        var green = new Listener();
        _catalog.Listen("green", green);
        _catalog.Upsert(Seen(1, 1));
        Assert.Empty(green.Told);
        _catalog.StopListening("blue", _blue);
        _catalog.Upsert(Seen(2, 1));
        Assert.Single(_blue.Told);
    }

    [Fact]
    public void Replace_WithAList_IsADiff()
    {
        var other = Seen(5, 2) with { Name = "blue-shop-db", Uid = "db", Key = Db };
        _catalog.Replace([Seen(4, 1), other]);
        Assert.True(_catalog.Loaded.IsCompletedSuccessfully);
        Assert.Equal([Web, Db], _blue.Told);
        _blue.Told.Clear();
        _catalog.Replace([other]);
        Assert.Equal([Web], _blue.Told);
        Assert.Empty(_catalog.ObjectsOf(Web));
        Assert.Equal([Db], _catalog.KeysOf("blue"));
    }

    [Fact]
    public void Replace_WithOlderVersions_IsBelieved()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Replace([Seen(4, 2)]);
        Assert.Equal("4", Assert.Single(_catalog.ObjectsOf(Web)).ResourceVersion);
    }

    [Fact]
    public void Replace_WithWhatWeDeleted_IsBelieved()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Record(Deleted());
        _catalog.Replace([Seen(4, 2)]);
        Assert.Single(_catalog.ObjectsOf(Web));
    }

    [Fact]
    public void Delete_OfAnEarlierUid_LeavesTheObject()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Delete(Seen(0).Name, "earlier");
        Assert.Single(_catalog.ObjectsOf(Web));
        _catalog.Delete(Seen(0).Name, Seen(0).Uid);
        Assert.Empty(_catalog.ObjectsOf(Web));
        Assert.Equal([Web, Web], _blue.Told);
    }

    [Fact]
    public void Record_OfADeletion_OutlivesTheLateEchoOfAnEarlierWrite()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Record(Deleted());
        _catalog.Upsert(Seen(11, 1));
        Assert.Empty(_catalog.ObjectsOf(Web));
        _catalog.Upsert(Seen(12, 1) with { Uid = "made anew" });
        Assert.Single(_catalog.ObjectsOf(Web));
    }

    [Fact]
    public void Record_OfAnAnswerThatTheWatchHasSeenToGo_BringsNothingBack()
    {
        _catalog.Upsert(Seen(10, 1));
        _catalog.Delete(Seen(0).Name, Seen(0).Uid);
        _catalog.Record(new() { Outcome = FeedOutcome.InSync, Seen = [Seen(10, 1)] });
        Assert.Empty(_catalog.ObjectsOf(Web));
    }

    [Fact]
    public void Record_OfAnObjectWithoutOurLabel_IsNotKept()
    {
        _catalog.Record(new() { Outcome = FeedOutcome.ForeignObject, Seen = [Seen(10, 1) with { ManagedBy = "helm" }] });
        Assert.Empty(_catalog.ObjectsOf(Web));
    }

    [Fact]
    public void ObjectsOf_ASet_AreThoseLabelledSoAndThoseUnderItsNames()
    {
        var shard = WriterWorld.Object(1, 2) with { ResourceVersion = "2" };
        var squatter = WriterWorld.Object(2, 3) with { Key = new("green", "x", "y"), ResourceVersion = "3" };
        var copy = Seen(4, 1) with { Name = "copy", Uid = "copy" };
        _catalog.Replace([Seen(1, 1), shard, squatter, copy]);
        Assert.Equal(
            ["blue-shop-web-x", "blue-shop-web-x.shard-1", "blue-shop-web-x.shard-2", "copy"],
            _catalog.ObjectsOf(Web).Select(seen => seen.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ClustersMarkedBy_AGrid_LeavesOutOthersAndThoseThatStay()
    {
        NetworkSetObject Of(string cluster) => Seen(1, 1) with { Name = cluster, Uid = cluster, Key = new(cluster, "n", "s") };
        _catalog.Replace([Of("mine"), Of("theirs") with { Owner = "another" }, Of("old") with { Owner = null }, Of("kept") with { OnRemoval = RemovalMarks.Retain }]);
        Assert.Equal(["mine"], _catalog.ClustersMarkedBy("grid"));
    }

    [Fact]
    public void Contact_AfterAFailure_ClearsTheError()
    {
        Assert.Null(_catalog.Silence);
        _catalog.Failed("no answer");
        Assert.Equal((null, "no answer"), (_catalog.Silence, _catalog.Error));
        _catalog.Contact();
        Assert.Equal((TimeSpan.Zero, null), (_catalog.Silence, _catalog.Error));
        Assert.False(_catalog.Loaded.IsCompleted);
    }

    private static NetworkSetObject Seen(int version, params int[] nets) => WriterWorld.Object(0, nets) with { ResourceVersion = $"{version}" };

    private static FeedReply Deleted() => new() { Outcome = FeedOutcome.InSync, Gone = [new(Seen(0).Name, Seen(0).Uid)] };

    private sealed class Listener : ICatalogListener
    {
        public List<NetworkSetKey> Told { get; } = [];

        public void Changed(NetworkSetKey key) => Told.Add(key);
    }
}
