using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

public abstract class DeleteContract(Func<Task<ServerUnderTest>> start) : ApiServerContract(start)
{
    [ContractFact]
    public async Task Delete_WithWrongPreconditions_KeepsTheObject()
    {
        var created = await CreateAsync("a");
        var path = PathOf($"{Run}-a");

        AssertRefused(409, "Conflict", await Client.DeleteAsync(path, """{"preconditions":{"uid":"other"}}"""));
        AssertRefused(409, "Conflict", await Client.DeleteAsync(path, """{"preconditions":{"resourceVersion":"1"}}"""));
        var right = new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = created.Uid, ["resourceVersion"] = created.ResourceVersion } };
        var deleted = await Client.DeleteAsync(path, right.ToJsonString());

        Assert.Equal((200, "Success"), (deleted.Status, (string)deleted.Json["status"]!));
        Assert.Equal(created.Uid, (string)deleted.Json["details"]!["uid"]!);
        AssertRefused(404, "NotFound", await Client.DeleteAsync(path));
    }

    [ContractFact]
    public async Task Delete_WithFinalizer_WaitsForIt()
    {
        var set = ApiClient.NetworkSet($"{Run}-a");
        set["metadata"]!["finalizers"] = new JsonArray("example.org/hold");
        await Client.PostAsync(NetworkSets, set);
        var path = PathOf($"{Run}-a");

        var marked = await Client.DeleteAsync(path);
        var held = await Client.GetAsync(path);
        var refused = await Client.PatchAsync(path, """{"metadata":{"finalizers":["example.org/hold","example.org/more"]}}""", ApiClient.Merge);
        var released = await Client.PatchAsync(path, """{"metadata":{"finalizers":null}}""", ApiClient.Merge);

        Assert.Equal(200, marked.Status);
        Assert.NotNull(held.Json["metadata"]!["deletionTimestamp"]);
        Assert.Equal(2, held.Generation);
        AssertRefused(422, "Invalid", refused);
        Assert.Equal(200, released.Status);
        AssertRefused(404, "NotFound", await Client.GetAsync(path));
    }

    [ContractFact]
    public async Task Recreate_GetsAnotherUid()
    {
        var first = await CreateAsync("a");
        await Client.DeleteAsync(PathOf($"{Run}-a"));
        var second = await CreateAsync("a");

        Assert.NotEqual(first.Uid, second.Uid);
        Assert.True(long.Parse(second.ResourceVersion) > long.Parse(first.ResourceVersion));
    }
}
