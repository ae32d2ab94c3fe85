using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Commands;

/// <summary>The commands that ask a running program, and what its admin endpoint answers.</summary>
public sealed class QueryCommandTests(CommandWorld commands) : IClassFixture<CommandWorld>
{
    private readonly World _world = commands.World;

    [RealApiServerTheory]
    [InlineData("table")]
    [InlineData("wide")]
    public async Task Status_OfAGridInSync_ShowsTheClusterAndEndsWithZero(string format)
    {
        await using var status = await _world.AskAsync("status", "-o", format);

        Assert.Equal((0, ""), (status.ExitCode, status.Error.ToString()));
        Assert.Contains(status.Output.Snapshot(), line => line.Contains(commands.Blue.Name, StringComparison.Ordinal) && line.Contains("Synced", StringComparison.Ordinal));
    }

    [RealApiServerFact]
    public async Task Status_AsJson_IsTheDocumentedShape()
    {
        await using var status = await _world.AskAsync("status", "-o", "json", "--wait", "--timeout", "10s");

        Assert.Equal((0, ""), (status.ExitCode, status.Error.ToString()));
        AssertCluster(JsonNode.Parse(status.Output.ToString())!["clusters"]!.AsArray().Single()!.AsObject());
    }

    [RealApiServerFact]
    public async Task Status_WithoutAnAnswer_EndsWithThree()
    {
        var port = FreePorts.Take(1)[0];
        await using var status = await PublishedProgram.RunAsync("status", "--server", $"http://127.0.0.1:{port}");

        Assert.Equal(3, status.ExitCode);
        Assert.StartsWith("error: ", Assert.Single(status.Error.Snapshot()), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Sets_Filtered_ShowTheirNets()
    {
        await using var sets = await _world.AskAsync("sets", "--cluster", commands.Blue.Name, "--namespace", commands.Shop, "--name", "web");
        await using var none = await _world.AskAsync("sets", "--name", "no-such-set");

        Assert.Equal((0, ""), (sets.ExitCode, sets.Error.ToString()));
        Assert.Contains("10.0.0.1/32", sets.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("10.0.0.2/32", sets.Output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, none.ExitCode);
        Assert.DoesNotContain("10.0.0.1", none.Output.ToString(), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Explain_OfAnAddressInASet_NamesSetAndPod()
    {
        await using var explain = await _world.AskAsync("explain", "10.0.0.1");

        Assert.Equal((0, ""), (explain.ExitCode, explain.Error.ToString()));
        Assert.Contains(commands.ObjectName, explain.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("web-0", explain.Output.ToString(), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Explain_OfAPodInASet_EndsWithZero()
    {
        await using var explain = await _world.AskAsync("explain", $"{commands.Shop}/web-1");

        Assert.Equal((0, ""), (explain.ExitCode, explain.Error.ToString()));
        Assert.Contains("10.0.0.2", explain.Output.ToString(), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Explain_OfAPodInNone_SaysWhyAndEndsWithOne()
    {
        await using var explain = await _world.AskAsync("explain", $"{commands.Shop}/agent-0");

        Assert.Equal(1, explain.ExitCode);
        Assert.Contains("HostNetwork", $"{explain.Output}{explain.Error}", StringComparison.Ordinal);
    }

    [RealApiServerTheory]
    [InlineData("10.0.0.77", 1)]
    [InlineData("no-such/pod", 1)]
    [InlineData("nonsense", 2)]
    public async Task Explain_OfNothingKnown_Fails(string what, int exitCode)
    {
        await using var explain = await _world.AskAsync("explain", what);

        Assert.Equal(exitCode, explain.ExitCode);
    }

    [RealApiServerFact]
    public async Task Api_Clusters_IsTheDocumentedShape() =>
        AssertCluster((await _world.Program.FindClusterAsync(commands.Blue.Name))!);

    [RealApiServerFact]
    public async Task Api_Sets_IsTheDocumentedShape()
    {
        var sets = (await _world.Program.ApiAsync($"/api/v1/sets?cluster={commands.Blue.Name}"))["sets"]!.AsArray();
        var set = Assert.Single(sets)!.AsObject();

        Assert.Superset(
            new HashSet<string> { "cluster", "namespace", "name", "objects", "nets", "pods", "inSync", "lastWrite", "error" },
            set.Select(field => field.Key).ToHashSet());
        Assert.Equal((commands.Blue.Name, commands.Shop, "web"), (Text(set["cluster"]), Text(set["namespace"]), Text(set["name"])));
        Assert.Equal([commands.ObjectName], set["objects"]!.AsArray().Select(Text));
        Assert.Equal(["10.0.0.1/32", "10.0.0.2/32"], set["nets"]!.AsArray().Select(Text));
        Assert.Equal((2, true), (set["pods"]!.GetValue<int>(), set["inSync"]!.GetValue<bool>()));
        Assert.Null(set["error"]);
    }

    [RealApiServerTheory]
    [InlineData("cluster", "no-such")]
    [InlineData("namespace", "no-such")]
    [InlineData("name", "no-such")]
    public async Task Api_Sets_AreFiltered(string filter, string value) =>
        Assert.Empty((await _world.Program.ApiAsync($"/api/v1/sets?{filter}={value}"))["sets"]!.AsArray());

    [RealApiServerTheory]
    [InlineData("/api/v1/explain?ip=nonsense")]
    [InlineData("/api/v1/explain?ip=010.0.0.1")]
    [InlineData("/api/v1/explain?pod=nonsense")]
    [InlineData("/api/v1/explain")]
    public async Task Api_WithAValueThatDoesNotParse_Answers400(string path)
    {
        var (status, body) = await _world.Program.GetAsync(new Uri(_world.Program.Admin, path));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty(JsonNode.Parse(body)!["error"]!.GetValue<string>());
    }

    [RealApiServerFact]
    public async Task Api_Events_TellOfTheSetThatWasWritten()
    {
        var body = (await _world.Program.GetAsync(new Uri(_world.Program.Admin, "/api/v1/events"))).Body;

        Assert.Contains("SetWritten", body, StringComparison.Ordinal);
        Assert.Contains(commands.Shop, body, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Api_Events_AsAStream_TellWhatHappensNext()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_world.Program.Admin, "/api/v1/events"));
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var deadline = new CancellationTokenSource(NetworkSets.Limit, TimeProvider.System);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(deadline.Token));

        // Another namespace, so that the set of the other tests stays as it is; gone again at the end.
        var shop = await commands.Blue.CreateNamespaceAsync();
        var pod = await commands.Blue.RunAsync(shop, "streamed-0", "streamed", "10.0.0.9");
        string? line;
        do
        {
            line = await reader.ReadLineAsync(deadline.Token);
        }
        while (line is not null && !(line.StartsWith("data:", StringComparison.Ordinal) && line.Contains(shop, StringComparison.Ordinal)));

        Assert.Contains("SetWritten", line, StringComparison.Ordinal);
        await commands.Blue.Server.Admin.DeletePodAsync(pod);
        await _world.WaitForNoneAsync(commands.Blue.ObjectOf(shop, "streamed"));
        await _world.Program.WaitForAsync("the status counts it no more", async () =>
            (await _world.Program.FindClusterAsync(commands.Blue.Name))!["sets"]!.GetValue<int>() == 1);
    }

    [RealApiServerTheory]
    [InlineData("/")]
    [InlineData("/api/v1/clusters")]
    [InlineData("/api/v1/sets")]
    public async Task HttpAddress_BesidesHealthAndMetrics_ServesNothing(string path)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _world.Program.GetAsync(new Uri(_world.Program.Health, path))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _world.Program.GetAsync(new Uri(_world.Program.Admin, path))).Status);
    }

    [RealApiServerTheory]
    [InlineData("/api/v1/clusters")]
    [InlineData("/api/v1/sets")]
    [InlineData("/api/v1/explain?ip=10.0.0.1")]
    public async Task AdminAddress_OnAMethodThatWrites_Refuses(string path)
    {
        using var http = new HttpClient();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var request = new HttpRequestMessage(method, new Uri(_world.Program.Admin, path));
            using var answer = await http.SendAsync(request);
            Assert.InRange((int)answer.StatusCode, 404, 405);
        }
    }

    private void AssertCluster(JsonObject cluster)
    {
        Assert.Superset(
            new HashSet<string> { "name", "state", "silo", "pods", "sets", "nets", "skipped", "lastSync", "lastEvent", "lastError", "pendingWrites", "problems" },
            cluster.Select(field => field.Key).ToHashSet());
        Assert.Equal((commands.Blue.Name, "Synced"), (Text(cluster["name"]), Text(cluster["state"])));
        Assert.Equal((2, 1, 2), (cluster["pods"]!.GetValue<int>(), cluster["sets"]!.GetValue<int>(), cluster["nets"]!.GetValue<int>()));
        Assert.Equal("""{"HostNetwork":1}""", cluster["skipped"]!.ToJsonString());
        Assert.Null(cluster["lastError"]);
        Assert.Equal(0, cluster["pendingWrites"]!.GetValue<int>());
        foreach (var time in new[] { "lastSync", "lastEvent" })
            Assert.InRange(DateTimeOffset.Parse(Text(cluster[time]), CultureInfo.InvariantCulture),
                TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow());
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
