using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class WriteContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task Create_SetsWhatTheServerOwns()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");

        Assert.True(Guid.TryParse(created.Uid, out _));
        Assert.Equal(1, created.Generation);
        Assert.NotNull(created.Json["metadata"]!["creationTimestamp"]);
        var managers = created.Json["metadata"]!["managedFields"]!.AsArray().Single()!;
        Assert.Equal(("contract", "Update"), ((string)managers["manager"]!, (string)managers["operation"]!));
        Assert.Equal(
            """{"f:metadata":{"f:labels":{".":{},"f:run":{}}},"f:spec":{".":{},"f:nets":{}}}""",
            Sorted(managers["fieldsV1"]!));
        var read = await Client.GetAsync(PathOf($"{Run}-a"));
        Assert.True(JsonNode.DeepEquals(created.Json, read.Json));
    }

    [ContractFact]
    public async Task Create_OfWhatExists_IsAConflict()
    {
        await CreateAsync("a");

        AssertRefused(409, "AlreadyExists", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet($"{Run}-a")));
    }

    [ContractFact]
    public async Task Create_OfInvalidObjects_IsRefused()
    {
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet("Upper_Case")));
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet("")));
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet(new string('a', 254))));
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet($"{Run}-label", "a b")));
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, With(ApiClient.NetworkSet($"{Run}-nets"), set => set["spec"]!["nets"] = "x")));
        AssertRefused(400, "BadRequest", await Client.PostAsync(NetworkSets, With(ApiClient.NetworkSet($"{Run}-v"), set => set["apiVersion"] = "crd.projectcalico.org/v9")));
        AssertRefused(422, "Invalid", await Client.PostAsync(NetworkSets, With(ApiClient.NetworkSet($"{Run}-k"), set => set["kind"] = "Other")));
        AssertRefused(500, "", await Client.PostAsync(NetworkSets, With(ApiClient.NetworkSet($"{Run}-rv"), set => set["metadata"]!["resourceVersion"] = "5")));
        AssertRefused(415, "UnsupportedMediaType", await Client.PostAsync(NetworkSets, ApiClient.NetworkSet($"{Run}-type"), "text/plain"));
    }

    [ContractFact]
    public async Task Create_WithUnknownFields_PrunesThem()
    {
        var created = await Client.PostAsync(NetworkSets, With(ApiClient.NetworkSet($"{Run}-a"), set => set["spec"]!["unknown"] = 1));

        Assert.Equal(201, created.Status);
        Assert.Null(created.Json["spec"]!["unknown"]);
    }

    [ContractFact]
    public async Task Create_InV3_NeedsASpecAndDistinctNets()
    {
        const string sets = "/apis/projectcalico.org/v3/globalnetworksets";
        var set = With(ApiClient.NetworkSet($"{Run}-v3", null, "10.0.0.1/32", "10.0.0.1/32"), copy => copy["apiVersion"] = "projectcalico.org/v3");

        AssertRefused(422, "Invalid", await Client.PostAsync(sets, set));
        AssertRefused(422, "Invalid", await Client.PostAsync(sets, With(set, copy => copy.Remove("spec"))));
        var created = await Client.PostAsync(sets, With(set, copy => copy["spec"]!["nets"]!.AsArray().RemoveAt(1)));
        Assert.Equal((201, "projectcalico.org/v3"), (created.Status, (string)created.Json["apiVersion"]!));
    }

    [ContractFact]
    public async Task DryRun_StoresNothing()
    {
        var answer = await Client.PostAsync($"{NetworkSets}?dryRun=All", ApiClient.NetworkSet($"{Run}-a"));

        Assert.Equal(201, answer.Status);
        AssertRefused(404, "NotFound", await Client.GetAsync(PathOf($"{Run}-a")));
    }

    [ContractFact]
    public async Task Replace_WithCurrentVersion_CountsGenerationForSpecOnly()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");
        var path = PathOf($"{Run}-a");

        var relabelled = await Client.PutAsync(path, With(created.Json, set => set["metadata"]!["labels"]!["x"] = "1"));
        var changed = await Client.PutAsync(path, With(relabelled.Json, set => set["spec"]!["nets"] = new JsonArray("10.0.0.2/32")));

        Assert.Equal((200, 1), (relabelled.Status, relabelled.Generation));
        Assert.Equal((200, 2), (changed.Status, changed.Generation));
        Assert.Equal(created.Uid, changed.Uid);
        Assert.NotEqual(relabelled.ResourceVersion, changed.ResourceVersion);
    }

    [ContractFact]
    public async Task Replace_ThatChangesNothing_KeepsTheVersion()
    {
        var created = await CreateAsync("a", "10.0.0.1/32");
        var same = ApiClient.NetworkSet($"{Run}-a", Run, "10.0.0.1/32");
        same["metadata"]!["resourceVersion"] = created.ResourceVersion;

        var replaced = await Client.PutAsync(PathOf($"{Run}-a"), same);

        Assert.Equal(200, replaced.Status);
        Assert.Equal(created.ResourceVersion, replaced.ResourceVersion);
    }

    [ContractFact]
    public async Task Replace_WithoutWhatItNeeds_IsRefused()
    {
        var created = await CreateAsync("a");
        var path = PathOf($"{Run}-a");
        await Client.PatchAsync(path, """{"spec":{"nets":["10.0.0.9/32"]}}""", ApiClient.Merge);

        AssertRefused(409, "Conflict", await Client.PutAsync(path, created.Json));
        AssertRefused(422, "Invalid", await Client.PutAsync(path, ApiClient.NetworkSet($"{Run}-a")));
        AssertRefused(400, "BadRequest", await Client.PutAsync(path, ApiClient.NetworkSet("other")));
        AssertRefused(400, "BadRequest", await Client.PutAsync(path, With(created.Json, set => set["metadata"]!.AsObject().Remove("name"))));
        AssertRefused(409, "Conflict", await Client.PutAsync(path, With(created.Json, set => set["metadata"]!["uid"] = "other")));
        var missing = With(created.Json, set => set["metadata"]!["name"] = $"{Run}-none");
        AssertRefused(409, "Conflict", await Client.PutAsync(PathOf($"{Run}-none"), missing));
        AssertRefused(404, "NotFound", await Client.PutAsync(PathOf($"{Run}-none"), With(missing, set => set["metadata"]!.AsObject().Remove("uid"))));
        Assert.Equal(["10.0.0.9/32"], (await Client.GetAsync(path)).Nets);
    }

    [ContractFact]
    public async Task Requests_ThatNameNothingServed_AreRefused()
    {
        Assert.Equal(404, (await Client.GetAsync("/apis/example.org/v1/things")).Status);
        Assert.Equal(404, (await Client.GetAsync("/apis/crd.projectcalico.org/v9/globalnetworksets")).Status);
        AssertRefused(404, "NotFound", await Client.GetAsync("/api/v1/nothings"));
        AssertRefused(404, "NotFound", await Client.GetAsync(PathOf($"{Run}-none")));
        AssertRefused(406, "NotAcceptable", await Client.SendAsync(HttpMethod.Get, NetworkSets, accept: "text/html"));
        Assert.Equal(200, (await Client.SendAsync(HttpMethod.Get, NetworkSets, accept: "application/vnd.kubernetes.protobuf,application/json")).Status);
    }

    [ContractFact]
    public async Task UnknownToken_IsUnauthorized()
    {
        using var client = Server.WithToken("nobody");

        AssertRefused(401, "Unauthorized", await client.GetAsync(NetworkSets));
    }

    [ContractFact]
    public async Task Discovery_NamesTheResource()
    {
        var resources = await Client.GetAsync("/apis/crd.projectcalico.org/v1");
        var sets = resources.Json["resources"]!.AsArray().Single(resource => (string)resource!["name"]! == "globalnetworksets")!;

        Assert.Equal(("GlobalNetworkSet", false), ((string)sets["kind"]!, (bool)sets["namespaced"]!));
        Assert.Contains("watch", sets["verbs"]!.AsArray().Select(verb => (string)verb!));
        var groups = (await Client.GetAsync("/apis")).Json["groups"]!.AsArray().Select(group => (string)group!["name"]!);
        Assert.Contains("crd.projectcalico.org", groups);
        Assert.Equal("crd.projectcalico.org/v1", (string)(await Client.GetAsync("/apis/crd.projectcalico.org")).Json["preferredVersion"]!["groupVersion"]!);
        Assert.Contains((await Client.GetAsync("/api/v1")).Json["resources"]!.AsArray(), resource => (string)resource!["name"]! == "pods");
    }

    [ContractFact]
    public async Task AccessReview_OfAnAllowedRight_SaysSo()
    {
        var review = await Client.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", JsonNode.Parse(
            """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"watch","resource":"pods"}}}""")!);

        Assert.Equal(201, review.Status);
        Assert.True((bool)review.Json["status"]!["allowed"]!);
    }

    private static JsonObject With(JsonObject set, Action<JsonObject> change)
    {
        var copy = set.DeepClone().AsObject();
        change(copy);
        return copy;
    }

    private static string Sorted(JsonNode node) => node is JsonObject { Count: > 0 } members
        ? "{" + string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"\"{member.Key}\":{Sorted(member.Value!)}")) + "}"
        : node.ToJsonString();
}
