using System.Text.Json.Nodes;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>On the real API server, in each of Calico's APIs.</summary>
public sealed class CalicoNetworkSetStoreTests
{
    private readonly string _name = $"set-{Guid.NewGuid():N}";

    private string ObjectName => $"blue-ns-{_name}";

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Create_OfASet_WritesWhatTheContractSays(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var write = StoreUnderTest.Write(_name, "10.0.0.9", "fd00::1", "10.0.0.10", "10.0.0.9");

        var result = await sut.Store.CreateAsync(write with { OnRemoval = RemovalMarks.Retain }, default);

        Assert.Equal((StoreOutcome.Done, null), (result.Outcome, result.Error));
        var stored = await GetAsync(choice);
        Assert.Equal("""["10.0.0.10/32","10.0.0.9/32","fd00::1/128"]""", stored["spec"]!["nets"]!.ToJsonString());
        AssertSame(
            $$"""{"managed-by":"calico-global-network-sync-operator","name":"{{_name}}","namespace":"ns","remote-cluster-name":"blue"}""",
            stored["metadata"]!["labels"]);
        AssertSame(
            """{"kube-policy-semaphore/owner":"test-grid","kube-policy-semaphore/on-removal":"Retain"}""", stored["metadata"]!["annotations"]);
        Assert.Equal("kube-policy-semaphore", (string?)stored["metadata"]!["managedFields"]![0]!["manager"]);
        Assert.Equal((string?)stored["metadata"]!["uid"], result.Seen!.Uid);
        Assert.Equal(write.Key, result.Seen.Key);
        Assert.True(result.Seen.NetsExact);
        Assert.Equal(3, result.Seen.Nets.Length);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Create_OfWhatIsThere_IsAConflict(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var first = await CreateAsync(sut, "10.0.0.1");

        var second = await sut.Store.CreateAsync(StoreUnderTest.Write(_name, "10.0.0.2"), default);

        Assert.Equal(StoreOutcome.Conflict, second.Outcome);
        Assert.Equal(first.ResourceVersion, await VersionAsync(choice));
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Update_WithOthersMarksOnTheObject_KeepsThem(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        await CreateAsync(sut, "10.0.0.1");
        var server = await BothCalicoApis.GetAsync();
        await server.Admin.PatchAsync(PathOf(choice), JsonNode.Parse("""
            {"metadata":{"labels":{"team":"a","kube-policy-semaphore/shard":"7"},"finalizers":["example.org/hold"],
             "annotations":{"projectcalico.org/metadata":"{}","note":"b","kube-policy-semaphore/removal-started":"2026-01-02T03:04:05Z"}}}
            """)!.AsObject());
        var seen = (await sut.Store.ReadAsync(ObjectName, default)).Seen!;
        Assert.Equal(("7", "2026-01-02T03:04:05Z"), (seen.ShardLabel, seen.RemovalStarted));

        var result = await sut.Store.UpdateAsync(StoreUnderTest.Write(_name, "10.0.0.2") with { OnRemoval = RemovalMarks.Retain }, seen, default);

        Assert.Equal((StoreOutcome.Done, null), (result.Outcome, result.Error));
        var metadata = (await GetAsync(choice))["metadata"]!;
        AssertSame(
            $$"""{"managed-by":"calico-global-network-sync-operator","name":"{{_name}}","namespace":"ns","remote-cluster-name":"blue","team":"a"}""",
            metadata["labels"]);
        AssertSame("""
            {"kube-policy-semaphore/on-removal":"Retain","kube-policy-semaphore/owner":"test-grid","note":"b","projectcalico.org/metadata":"{}"}
            """, metadata["annotations"]);
        Assert.Equal("""["example.org/hold"]""", metadata["finalizers"]!.ToJsonString());
        Assert.Equal<PodAddress>([StoreUnderTest.Address("10.0.0.2")], result.Seen!.Nets);
        Assert.Equal((null, null, RemovalMarks.Retain), (result.Seen.ShardLabel, result.Seen.RemovalStarted, result.Seen.OnRemoval));
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Update_OfAnOlderVersion_IsAConflictAndWritesNothing(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var seen = await CreateAsync(sut, "10.0.0.1");
        var newer = (await sut.Store.UpdateAsync(StoreUnderTest.Write(_name, "10.0.0.2"), seen, default)).Seen!;

        var result = await sut.Store.UpdateAsync(StoreUnderTest.Write(_name, "10.0.0.3"), seen, default);

        Assert.Equal(StoreOutcome.Conflict, result.Outcome);
        Assert.Equal(newer.ResourceVersion, await VersionAsync(choice));
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Update_OfAnObjectMadeAnew_IsAConflictWhateverItsVersion(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var seen = await CreateAsync(sut, "10.0.0.1");

        var result = await sut.Store.UpdateAsync(
            StoreUnderTest.Write(_name, "10.0.0.3"), seen with { Uid = "00000000-0000-0000-0000-000000000001" }, default);

        // The version matches: only the uid tells that it is another object.
        Assert.Equal(StoreOutcome.Conflict, result.Outcome);
        Assert.Equal(seen.ResourceVersion, await VersionAsync(choice));
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Update_OfWhatIsGone_IsNotFound(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var seen = await CreateAsync(sut, "10.0.0.1");
        await (await BothCalicoApis.GetAsync()).Admin.DeleteAsync(PathOf(choice));

        Assert.Equal(StoreOutcome.NotFound, (await sut.Store.UpdateAsync(StoreUnderTest.Write(_name), seen, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await sut.Store.DeleteAsync(seen, default)).Outcome);
        Assert.Equal(StoreOutcome.NotFound, (await sut.Store.ReadAsync(ObjectName, default)).Outcome);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Delete_OfAnotherVersionOrUid_IsAConflict(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        var seen = await CreateAsync(sut, "10.0.0.1");
        var newer = (await sut.Store.UpdateAsync(StoreUnderTest.Write(_name, "10.0.0.2"), seen, default)).Seen!;

        Assert.Equal(StoreOutcome.Conflict, (await sut.Store.DeleteAsync(seen, default)).Outcome);
        Assert.Equal(StoreOutcome.Conflict, (await sut.Store.DeleteAsync(newer with { Uid = "another" }, default)).Outcome);
        var result = await sut.Store.DeleteAsync(newer, default);

        Assert.Equal((StoreOutcome.Done, null), (result.Outcome, result.Seen));
        Assert.Equal(StoreOutcome.NotFound, (await sut.Store.ReadAsync(ObjectName, default)).Outcome);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Delete_OfAnObjectWithAFinalizer_ShowsThatItWaits(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        await CreateAsync(sut, "10.0.0.1");
        await (await BothCalicoApis.GetAsync()).Admin.PatchAsync(
            PathOf(choice), JsonNode.Parse("""{"metadata":{"finalizers":["example.org/hold"]}}""")!.AsObject());
        var seen = (await sut.Store.ReadAsync(ObjectName, default)).Seen!;

        var deleted = await sut.Store.DeleteAsync(seen, default);
        var emptied = await sut.Store.UpdateAsync(StoreUnderTest.Write(_name), deleted.Seen!, default);

        Assert.Equal((StoreOutcome.Done, true), (deleted.Outcome, deleted.Seen!.Deleting));
        Assert.Equal((StoreOutcome.Done, null), (emptied.Outcome, emptied.Error));
        Assert.True(emptied.Seen is { Deleting: true, Nets.IsEmpty: true, NetsExact: true });
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Read_OfNetsThatWeWouldWriteOtherwise_SaysSo(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);
        await CreateAsync(sut, "10.0.0.1");
        await (await BothCalicoApis.GetAsync()).Admin.PatchAsync(
            PathOf(choice), JsonNode.Parse("""{"spec":{"nets":["10.0.0.2/32","10.0.0.1/32","10.1.0.0/16"]}}""")!.AsObject());

        var seen = (await sut.Store.ReadAsync(ObjectName, default)).Seen!;

        Assert.False(seen.NetsExact);
        Assert.Equal<PodAddress>([StoreUnderTest.Address("10.0.0.2"), StoreUnderTest.Address("10.0.0.1")], seen.Nets);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Write_WithoutTheRight_IsForbiddenAndNamesVerbAndResource(CalicoApiChoice choice)
    {
        var server = await BothCalicoApis.GetAsync();
        await using var sut = await StoreUnderTest.OnAsync(server, choice, TestUser.Pool[0]);

        var result = await sut.Store.CreateAsync(StoreUnderTest.Write(_name, "10.0.0.1"), default);

        Assert.Equal(StoreOutcome.Forbidden, result.Outcome);
        Assert.Contains($"create globalnetworksets.{BenchApi(choice).Group} {ObjectName}", result.Error, StringComparison.Ordinal);
        Assert.True(result.Error!.Length <= 253);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Write_OfAnUnusableName_IsInvalid(CalicoApiChoice choice)
    {
        await using var sut = await StartAsync(choice);

        var result = await sut.Store.CreateAsync(StoreUnderTest.Write("Not_A_Name", "10.0.0.1"), default);

        Assert.Equal(StoreOutcome.Invalid, result.Outcome);
    }

    [RealApiServerTheory, InlineData(CalicoApiChoice.CrdV1), InlineData(CalicoApiChoice.V3)]
    public async Task Observe_OfWhatComesAndGoes_ShowsIt(CalicoApiChoice choice)
    {
        var server = await BothCalicoApis.GetAsync();
        await using var sut = await StartAsync(choice);
        await sut.ObserveAsync();

        var seen = await CreateAsync(sut, "10.0.0.1");
        await sut.Observer.UntilAsync("the object", observer => observer.Find(ObjectName) == seen with { Nets = observer.Find(ObjectName)?.Nets ?? [] });
        await sut.Store.UpdateAsync(StoreUnderTest.Write(_name, "10.0.0.2"), seen, default);
        await sut.Observer.UntilAsync("the change", observer => observer.Find(ObjectName)?.Nets is [var net] && net == StoreUnderTest.Address("10.0.0.2"));
        await server.Admin.PatchAsync(PathOf(choice), JsonNode.Parse("""{"metadata":{"labels":{"managed-by":"me"}}}""")!.AsObject());
        await sut.Observer.UntilAsync("that our label is gone", observer => observer.Find(ObjectName) is null);
        await server.Admin.PatchAsync(PathOf(choice), JsonNode.Parse("""{"metadata":{"labels":{"managed-by":"semaphore-policy"}}}""")!.AsObject());
        await sut.Observer.UntilAsync("the other convention", observer => observer.Find(ObjectName) is { ManagedBy: "semaphore-policy", Key: null });
        await server.Admin.DeleteAsync(PathOf(choice));
        await sut.Observer.UntilAsync("that it is gone", observer => observer.Find(ObjectName) is null);

        Assert.Equal(1, sut.Observer.Lists);
        Assert.Empty(sut.Observer.Errors);
    }

    private static async Task<StoreUnderTest> StartAsync(CalicoApiChoice choice) =>
        await StoreUnderTest.OnAsync(await BothCalicoApis.GetAsync(), choice);

    private async Task<NetworkSetObject> CreateAsync(StoreUnderTest sut, params string[] addresses)
    {
        var result = await sut.Store.CreateAsync(StoreUnderTest.Write(_name, addresses), default);
        Assert.Equal((StoreOutcome.Done, null), (result.Outcome, result.Error));
        return result.Seen!;
    }

    private async Task<JsonObject> GetAsync(CalicoApiChoice choice) => await (await BothCalicoApis.GetAsync()).Admin.GetAsync(PathOf(choice));

    private async Task<string?> VersionAsync(CalicoApiChoice choice) => (string?)(await GetAsync(choice))["metadata"]!["resourceVersion"];

    private string PathOf(CalicoApiChoice choice) => $"{BenchApi(choice).Path}/{ObjectName}";

    private static TestBench.CalicoApi BenchApi(CalicoApiChoice choice) =>
        choice == CalicoApiChoice.V3 ? TestBench.CalicoApi.V3 : TestBench.CalicoApi.Crd;

    private static void AssertSame(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, is {actual?.ToJsonString()}");
}
