using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class ApplyContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task Apply_CreatesThenChangesNothingWhenRepeated()
    {
        var created = await ApplyAsync("me", Set("10.0.0.1/32"));
        var again = await ApplyAsync("me", Set("10.0.0.1/32"));

        Assert.Equal((201, 200), (created.Status, again.Status));
        Assert.Equal(created.ResourceVersion, again.ResourceVersion);
        Assert.Equal("Apply", (string)created.Json["metadata"]!["managedFields"]![0]!["operation"]!);
    }

    [ContractFact]
    public async Task Apply_WithoutAFieldItHadApplied_RemovesThatFieldOnly()
    {
        await ApplyAsync("me", Set("10.0.0.1/32", ("mine", "1"), ("kept", "1")));
        await Client.PatchAsync(PathOf($"{Run}-a"), """{"metadata":{"labels":{"theirs":"1"}}}""", ApiClient.Merge);

        var applied = await ApplyAsync("me", Set("10.0.0.1/32", ("kept", "1")));

        Assert.Equal((null, "1", "1"), (applied.Label("mine"), applied.Label("kept"), applied.Label("theirs")));
    }

    [ContractFact]
    public async Task Apply_OverAnothersField_NeedsForce()
    {
        await ApplyAsync("first", Set("10.0.0.1/32"));

        var refused = await ApplyAsync("second", Set("10.0.0.2/32"));
        var forced = await ApplyAsync("second", Set("10.0.0.2/32"), "&force=true");

        AssertRefused(409, "Conflict", refused);
        var cause = refused.Json["details"]!["causes"]![0]!;
        Assert.Equal(("FieldManagerConflict", ".spec.nets"), ((string)cause["reason"]!, (string)cause["field"]!));
        Assert.Equal(["10.0.0.2/32"], forced.Nets);
        Assert.Equal(["second"], Managers(forced));
    }

    [ContractFact]
    public async Task Apply_OfTheSameValue_SharesTheField()
    {
        await ApplyAsync("first", Set("10.0.0.1/32"));

        var shared = await ApplyAsync("second", Set("10.0.0.1/32"));

        Assert.Equal(200, shared.Status);
        Assert.Equal(["first", "second"], Managers(shared));
    }

    [ContractFact]
    public async Task Apply_AfterAnUpdateTookTheField_Conflicts()
    {
        await ApplyAsync("me", Set("10.0.0.1/32"));
        await Client.PatchAsync(PathOf($"{Run}-a"), """{"spec":{"nets":["10.0.0.9/32"]}}""", ApiClient.Merge);

        AssertRefused(409, "Conflict", await ApplyAsync("me", Set("10.0.0.1/32")));
        Assert.Equal(["10.0.0.1/32"], (await ApplyAsync("me", Set("10.0.0.1/32"), "&force=true")).Nets);
    }

    [ContractFact]
    public async Task Apply_WithPreconditions_HoldsThem()
    {
        var created = await ApplyAsync("me", Set("10.0.0.1/32"));
        var current = With(Set("10.0.0.2/32"), ("resourceVersion", created.ResourceVersion), ("uid", created.Uid));

        Assert.Equal(200, (await ApplyAsync("me", current)).Status);
        AssertRefused(409, "Conflict", await ApplyAsync("me", With(Set("10.0.0.3/32"), ("resourceVersion", created.ResourceVersion))));
        AssertRefused(422, "Invalid", await ApplyAsync("me", With(Set("10.0.0.3/32"), ("uid", "other"))));
    }

    [ContractFact]
    public async Task Apply_ThatIsIncomplete_IsRefused()
    {
        AssertRefused(422, "Invalid", await Client.PatchAsync(PathOf($"{Run}-a"), Set("10.0.0.1/32").ToJsonString(), ApiClient.Apply));
        AssertRefused(400, "BadRequest", await ApplyAsync("me", []));
        AssertRefused(422, "Invalid", await Client.PatchAsync($"{PathOf($"{Run}-a")}?force=true", "{}", ApiClient.Merge));
    }

    private Task<Answer> ApplyAsync(string manager, JsonObject set, string parameters = "") =>
        Client.PatchAsync($"{PathOf($"{Run}-a")}?fieldManager={manager}{parameters}", set.ToJsonString(), ApiClient.Apply);

    private JsonObject Set(string net, params (string Key, string Value)[] labels)
    {
        var set = ApiClient.NetworkSet($"{Run}-a", null, net);
        if (labels.Length > 0)
            set["metadata"]!["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        return set;
    }

    private static JsonObject With(JsonObject set, params (string Member, string Value)[] members)
    {
        foreach (var (member, value) in members)
            set["metadata"]![member] = value;
        return set;
    }

    private static string[] Managers(Answer answer) =>
        [.. answer.Json["metadata"]!["managedFields"]!.AsArray().Select(entry => (string)entry!["manager"]!).Order()];
}
