using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class PodContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task Status_IsWrittenOnlyThroughItsSubresource()
    {
        var created = await Client.CreatePodAsync(Run, "a");
        var path = $"{ApiClient.PodsOf(Run)}/a";
        const string running = """{"status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}]}}""";

        var ignored = await Client.PatchAsync(path, running, ApiClient.Merge);
        var written = await Client.PatchAsync($"{path}/status", running, ApiClient.Merge);

        Assert.Equal("Pending", (string)created.Json["status"]!["phase"]!);
        Assert.Equal("Pending", (string)ignored.Json["status"]!["phase"]!);
        Assert.Equal("10.0.0.1", (string)written.Json["status"]!["podIPs"]![0]!["ip"]!);
        Assert.Equal("10.0.0.1", (string)(await Client.GetAsync(path)).Json["status"]!["podIP"]!);
    }

    [ContractFact]
    public async Task Labels_CanChange_ButNotTheNode()
    {
        await Client.CreatePodAsync(Run, "a", "node-1");
        var path = $"{ApiClient.PodsOf(Run)}/a";

        Assert.Equal("1", (await Client.PatchAsync(path, """{"metadata":{"labels":{"x":"1"}}}""", ApiClient.Merge)).Label("x"));
        AssertRefused(422, "Invalid", await Client.PatchAsync(path, """{"spec":{"nodeName":"node-2"}}""", ApiClient.Merge));
    }

    [ContractFact]
    public async Task Replace_WithoutVersion_IsUnconditional()
    {
        var created = await Client.CreatePodAsync(Run, "a");
        var pod = created.Json.DeepClone().AsObject();
        pod["metadata"]!.AsObject().Remove("resourceVersion");
        pod["metadata"]!["labels"]!["x"] = "1";

        var replaced = await Client.PutAsync($"{ApiClient.PodsOf(Run)}/a", pod);

        Assert.Equal((200, "1"), (replaced.Status, replaced.Label("x")));
    }

    [ContractFact]
    public async Task Delete_OfPodOnANode_GivesItGrace()
    {
        await Client.CreatePodAsync(Run, "a", "node-1");
        var path = $"{ApiClient.PodsOf(Run)}/a";

        var marked = await Client.DeleteAsync(path);
        var terminating = await Client.GetAsync(path);
        var gone = await Client.DeleteAsync($"{path}?gracePeriodSeconds=0");

        Assert.Equal(200, marked.Status);
        Assert.NotNull(terminating.Json["metadata"]!["deletionTimestamp"]);
        Assert.Equal(30, (int)terminating.Json["metadata"]!["deletionGracePeriodSeconds"]!);
        Assert.Equal(("Pod", 200), ((string)gone.Json["kind"]!, gone.Status));
        AssertRefused(404, "NotFound", await Client.GetAsync(path));
    }

    [ContractFact]
    public async Task Delete_OfPodWithoutNode_IsImmediate()
    {
        await Client.CreatePodAsync(Run, "a");
        var path = $"{ApiClient.PodsOf(Run)}/a";

        Assert.Equal(200, (await Client.DeleteAsync(path)).Status);
        AssertRefused(404, "NotFound", await Client.GetAsync(path));
    }

    [ContractFact]
    public async Task Create_OfInvalidPod_IsRefused()
    {
        await Client.CreatePodAsync(Run, "a");

        AssertRefused(422, "Invalid", await Client.PostAsync(ApiClient.PodsOf(Run), new JsonObject { ["metadata"] = new JsonObject { ["name"] = "b" }, ["spec"] = new JsonObject() }));
        AssertRefused(400, "BadRequest", await Client.PostAsync(ApiClient.PodsOf(Run), new JsonObject { ["metadata"] = new JsonObject { ["name"] = "b", ["namespace"] = "other" } }));
    }

    [ContractFact]
    public async Task Items_OfAList_CarryNoType()
    {
        await Client.CreatePodAsync(Run, "a");

        var list = await Client.GetAsync(ApiClient.PodsOf(Run));

        Assert.Equal("PodList", (string)list.Json["kind"]!);
        Assert.Null(list.Json["items"]![0]!["kind"]);
    }
}
