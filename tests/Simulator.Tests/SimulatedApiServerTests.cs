using System.Text.Json.Nodes;
using KubePolicySemaphore.Simulator.Tests.Contract;

namespace KubePolicySemaphore.Simulator.Tests;

/// <summary>What the simulator does beyond, or differently from, the API server of the contract.</summary>
public sealed class SimulatedApiServerTests
{
    private const string Pods = "/api/v1/pods";
    private const string V3 = "/apis/projectcalico.org/v3/globalnetworksets";

    [Fact]
    public async Task Pods_SetDirectly_AreListedAndRead()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        using var client = new ApiClient(server.Uri, null, null);
        var pod = new SimulatedPod("shop", "web")
        {
            Labels = new Dictionary<string, string> { ["app"] = "web" },
            Annotations = new Dictionary<string, string> { ["set"] = "web" },
            PodIPs = ["10.0.0.1", "fd00::1"],
            HostNetwork = true,
        };

        var version = server.Pods.Set(pod);

        Assert.Equal(version, server.Pods.Set(pod));
        var read = await client.GetAsync("/api/v1/namespaces/shop/pods/web");
        Assert.Equal($"{version}", read.ResourceVersion);
        Assert.Equal("10.0.0.1", (string)read.Json["status"]!["podIP"]!);
        Assert.Equal("fd00::1", (string)read.Json["status"]!["podIPs"]![1]!["ip"]!);
        Assert.True((bool)read.Json["spec"]!["hostNetwork"]!);
        Assert.Equal(["10.0.0.1", "fd00::1"], server.Pods.Find("shop", "web")!.PodIPs);
        Assert.True(server.Pods.Delete("shop", "web"));
        Assert.False(server.Pods.Delete("shop", "web"));
        Assert.Empty((await client.GetAsync(Pods)).Names);
    }

    [Fact]
    public async Task Pods_SetWithAnotherUid_AreDeletedAndCreated()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        using var client = new ApiClient(server.Uri, null, null);
        var from = server.Pods.Set(new SimulatedPod("shop", "web") { Uid = "one" });
        server.Pods.Set(new SimulatedPod("shop", "web") { Uid = "two" });

        var events = new List<string>();
        await foreach (var change in client.WatchAsync($"{Pods}?watch=true&timeoutSeconds=1&resourceVersion={from}"))
            events.Add($"{change.Type} {change.Content.Uid}");

        Assert.Equal(["DELETED one", "ADDED two"], events);
    }

    [Fact]
    public async Task StreamingList_SendsWhatIsThereThenTheMark()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions { StreamingLists = true });
        using var client = new ApiClient(server.Uri, null, null);
        server.Pods.Set(new SimulatedPod("shop", "web"));
        var mark = server.Pods.Set(new SimulatedPod("shop", "api"));

        var events = new List<WatchEvent>();
        await foreach (var change in client.WatchAsync(
            $"{Pods}?watch=true&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"))
            events.Add(change);

        Assert.Equal(["ADDED", "ADDED", "BOOKMARK"], events.Select(change => change.Type));
        var bookmark = events[^1].Content;
        Assert.Equal("true", (string)bookmark.Json["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!);
        Assert.Equal($"{mark}", bookmark.ResourceVersion);
        Assert.Equal(422, (await client.GetAsync($"{Pods}?watch=true&sendInitialEvents=true")).Status);
    }

    [Fact]
    public async Task CalicoApis_ChangedAtRunTime_ServeTheSameObjects()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        using var client = new ApiClient(server.Uri, null, null);
        var created = await client.CreateNetworkSetAsync("a", null, "10.0.0.1/32");
        Assert.Equal(404, (await client.GetAsync(V3)).Status);

        server.CalicoApis = CalicoApis.V3;

        Assert.Equal(404, (await client.GetAsync(ApiClient.NetworkSets)).Status);
        var migrated = await client.GetAsync($"{V3}/a");
        Assert.Equal((created.Uid, "projectcalico.org/v3"), (migrated.Uid, (string)migrated.Json["apiVersion"]!));
        Assert.Equal("projectcalico.org", (string)(await client.GetAsync("/apis")).Json["groups"]!.AsArray()[^1]!["name"]!);
    }

    [Fact]
    public async Task History_LongerThanKept_IsExpired()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions { HistoryLength = 3, ExpiredWatchIsHttpError = true });
        using var client = new ApiClient(server.Uri, null, null);
        var versions = Enumerable.Range(0, 5).Select(i => server.Pods.Set(new SimulatedPod("shop", $"p{i}"))).ToList();

        var expired = await client.GetAsync($"{Pods}?watch=true&timeoutSeconds=1&resourceVersion={versions[0]}");
        var kept = new List<WatchEvent>();
        await foreach (var change in client.WatchAsync($"{Pods}?watch=true&timeoutSeconds=1&resourceVersion={versions[1]}"))
            kept.Add(change);

        Assert.Equal((410, "Expired"), (expired.Status, expired.Reason));
        Assert.Equal(3, kept.Count);
    }

    [Fact]
    public async Task DeniedRights_AreRefusedAndReviewed()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions
        {
            IsDenied = review => review is { Verb: "watch", Resource: "pods" },
        });
        using var client = new ApiClient(server.Uri, null, null);

        Assert.Equal(200, (await client.GetAsync(Pods)).Status);
        Assert.Equal((403, "Forbidden"), await ReadAsync(client.GetAsync($"{Pods}?watch=true")));
        var review = await client.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", JsonNode.Parse(
            """{"spec":{"resourceAttributes":{"verb":"watch","resource":"pods"}}}""")!);
        Assert.False((bool)review.Json["status"]!["allowed"]!);
    }

    [Fact]
    public async Task Tokens_Replaced_LetOnlyTheNewOneIn()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions { UseHttps = true, Tokens = ["old"] });
        using var anonymous = new ApiClient(server.Uri, server.CaPem, null);
        using var old = new ApiClient(server.Uri, server.CaPem, "old");
        using var renewed = new ApiClient(server.Uri, server.CaPem, "new");
        Assert.Equal((401, 200), ((await anonymous.GetAsync(Pods)).Status, (await old.GetAsync(Pods)).Status));

        server.AcceptTokens("new");

        Assert.Equal((401, 200), ((await old.GetAsync(Pods)).Status, (await renewed.GetAsync(Pods)).Status));
    }

    [Theory]
    [InlineData("other.example", 60)]
    [InlineData("127.0.0.1", -60)]
    public async Task Certificates_OfTheWrongKind_FailVerification(string host, int lifetimeMinutes)
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions
        {
            UseHttps = true,
            CertificateHosts = [host],
            CertificateLifetime = TimeSpan.FromMinutes(lifetimeMinutes),
        });
        using var client = new ApiClient(server.Uri, server.CaPem, "secret");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Pods));
        Assert.Equal(0, server.Requests.Count());
    }

    [Fact]
    public async Task Requests_AreCountedByVerbAndResource()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        using var client = new ApiClient(server.Uri, null, null);
        var next = server.Requests.NextAsync(request => request.Verb == "create");

        await client.GetAsync(Pods);
        await client.GetAsync($"{Pods}?limit=1");
        await client.CreateNetworkSetAsync("a");

        Assert.Equal((2, 0, 3), (server.Requests.Count("list", "pods"), server.Requests.Count("watch"), server.Requests.Count()));
        Assert.Equal(ApiClient.NetworkSets, (await next).Path);
    }

    [Fact]
    public async Task CustomResources_AreServedToo()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions
        {
            CustomResources = [new SimulatedResource("example.org", "v1", "things", "Thing", Namespaced: true)],
        });
        using var client = new ApiClient(server.Uri, null, null);
        const string things = "/apis/example.org/v1/namespaces/shop/things";

        var created = await client.PostAsync(things, JsonNode.Parse("""{"apiVersion":"example.org/v1","kind":"Thing","metadata":{"name":"a"},"spec":{"x":1}}""")!);
        var patched = await client.PatchAsync($"{things}/a", """[{"op":"test","path":"/spec/x","value":1},{"op":"replace","path":"/spec/x","value":2}]""", ApiClient.JsonPatch);

        Assert.Equal((201, 200, 2), (created.Status, patched.Status, (int)patched.Json["spec"]!["x"]!));
        Assert.Equal(["a"], (await client.GetAsync("/apis/example.org/v1/things")).Names);
    }

    private static async Task<(int Status, string Reason)> ReadAsync(Task<Answer> answering)
    {
        var answer = await answering;
        return (answer.Status, answer.Reason);
    }
}
