namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class PatchContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task MergePatch_MergesMapsAndReplacesLists()
    {
        await CreateAsync("a", "10.0.0.1/32", "10.0.0.2/32");

        var patched = await MergeAsync("""{"metadata":{"labels":{"x":"1"},"annotations":{"k":"v"}},"spec":{"nets":["10.0.0.3/32"]}}""");

        Assert.Equal(["10.0.0.3/32"], patched.Nets);
        Assert.Equal((Run, "1"), (patched.Label("run"), patched.Label("x")));
        var without = await MergeAsync("""{"metadata":{"labels":{"x":null},"annotations":null}}""");
        Assert.Null(without.Label("x"));
        Assert.Null(without.Json["metadata"]!["annotations"]);
    }

    [ContractFact]
    public async Task MergePatch_ThatChangesNothing_KeepsTheVersion()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");

        var patched = await MergeAsync("""{"spec":{"nets":["10.0.0.1/32"]}}""");

        Assert.Equal((200, created.ResourceVersion), (patched.Status, patched.ResourceVersion));
    }

    [ContractFact]
    public async Task MergePatch_WithVersion_IsConditional()
    {
        var created = await CreateAsync("a");
        var version = $$$"""{"metadata":{"resourceVersion":"{{{created.ResourceVersion}}}"},"spec":{"nets":["10.0.0.1/32"]}}""";

        var first = await MergeAsync(version);
        var second = await MergeAsync(version.Replace("10.0.0.1", "10.0.0.2", StringComparison.Ordinal));

        Assert.Equal(200, first.Status);
        AssertRefused(409, "Conflict", second);
    }

    [ContractFact]
    public async Task MergePatch_OfWhatMustNotChange_IsRefused()
    {
        await CreateAsync("a");

        AssertRefused(422, "Invalid", await MergeAsync("""{"metadata":{"uid":"other"}}"""));
        AssertRefused(400, "BadRequest", await MergeAsync("""{"metadata":{"name":"other"}}"""));
        AssertRefused(422, "Invalid", await MergeAsync("""{"spec":{"nets":"x"}}"""));
        AssertRefused(404, "NotFound", await Client.PatchAsync(PathOf($"{Run}-none"), "{}", ApiClient.Merge));
        AssertRefused(415, "UnsupportedMediaType", await Client.PatchAsync(PathOf($"{Run}-a"), "{}", "application/json"));
        AssertRefused(415, "UnsupportedMediaType", await Client.PatchAsync(PathOf($"{Run}-a"), "{}", "application/strategic-merge-patch+json"));
    }

    [ContractFact]
    public async Task JsonPatch_WhoseTestHolds_IsApplied()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");

        var patched = await JsonPatchAsync(
            $$"""
            [{"op":"test","path":"/metadata/resourceVersion","value":"{{created.ResourceVersion}}"},
             {"op":"add","path":"/spec/nets/-","value":"10.0.0.2/32"},
             {"op":"add","path":"/metadata/annotations","value":{"b/c":"1"} },
             {"op":"replace","path":"/metadata/annotations/b~1c","value":"2"},
             {"op":"move","from":"/spec/nets/0","path":"/spec/nets/1"}]
            """);

        Assert.Equal(200, patched.Status);
        Assert.Equal(["10.0.0.2/32", "10.0.0.1/32"], patched.Nets);
        Assert.Equal("2", (string)patched.Json["metadata"]!["annotations"]!["b/c"]!);
    }

    [ContractFact]
    public async Task JsonPatch_WhoseTestFails_ChangesNothing()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");

        AssertRefused(422, "Invalid", await JsonPatchAsync(
            """[{"op":"replace","path":"/spec/nets","value":[]},{"op":"test","path":"/metadata/resourceVersion","value":"1"}]"""));
        AssertRefused(422, "Invalid", await JsonPatchAsync("""[{"op":"remove","path":"/spec/none"}]"""));
        AssertRefused(422, "Invalid", await JsonPatchAsync("""[{"op":"nonsense","path":"/spec"}]"""));
        AssertRefused(400, "BadRequest", await JsonPatchAsync("{}"));
        AssertRefused(409, "Conflict", await JsonPatchAsync("""[{"op":"replace","path":"/metadata/resourceVersion","value":"1"}]"""));
        Assert.Equal(created.ResourceVersion, (await Client.GetAsync(PathOf($"{Run}-a"))).ResourceVersion);
    }

    private Task<Answer> MergeAsync(string patch) => Client.PatchAsync(PathOf($"{Run}-a"), patch, ApiClient.Merge);

    private Task<Answer> JsonPatchAsync(string patch) => Client.PatchAsync(PathOf($"{Run}-a"), patch, ApiClient.JsonPatch);
}
