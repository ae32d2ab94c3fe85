using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Silo.Tests.Http;

public sealed class EndpointTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Get_Health_AnswersOk(string path) => Assert.Equal("ok\n", await silo.Public.GetStringAsync(new Uri(path, UriKind.Relative)));

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/clusters")]
    [InlineData("/healthz/")]
    [InlineData("/metrics/x")]
    public async Task Get_AnythingElseOnThePublicAddress_Answers404(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo.Public, HttpMethod.Get, path));

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/healthz")]
    [InlineData("/api/v2/clusters")]
    public async Task Get_AnythingElseOnTheAdminAddress_Answers404(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(silo.Admin, HttpMethod.Get, path));

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task Send_AnotherMethod_Answers405(string method) =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(silo.Admin, new HttpMethod(method), "/api/v1/sets"));

    [Fact]
    public async Task Head_Clusters_AnswersOk() => Assert.Equal(HttpStatusCode.OK, await StatusAsync(silo.Admin, HttpMethod.Head, "/api/v1/clusters"));

    [Theory]
    [InlineData("/api/v1/explain?ip=nonsense", "ip: \"nonsense\" is not an IP address")]
    [InlineData("/api/v1/explain?ip=010.0.0.1", "ip: \"010.0.0.1\" is not an IP address")]
    [InlineData("/api/v1/explain?pod=nonsense", "pod: \"nonsense\" is not NAMESPACE/POD")]
    [InlineData("/api/v1/explain", "give either ip or pod")]
    [InlineData("/api/v1/explain?ip=10.0.0.1&pod=a/b", "give either ip or pod")]
    [InlineData("/api/v1/sets?cluster=Not_A_Name", "cluster: \"Not_A_Name\" is not a name")]
    [InlineData("/api/v1/sets?name=a&name=b", "name stands there twice")]
    public async Task Get_UnparsableValue_Answers400WithAnError(string path, string error)
    {
        using var response = await silo.Admin.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Get_Clusters_HasTheDocumentedFields()
    {
        using var answer = JsonDocument.Parse(await silo.Admin.GetStringAsync(new Uri("/api/v1/clusters", UriKind.Relative)));

        var blue = answer.RootElement.GetProperty("clusters")[0];
        Assert.Equal("blue", blue.GetProperty("name").GetString());
        Assert.Equal("Synced", blue.GetProperty("state").GetString());
        Assert.Equal("kps-0", blue.GetProperty("silo").GetString());
        Assert.Equal(
            ["name", "state", "silo", "pods", "sets", "nets", "skipped", "lastSync", "lastEvent", "lastError", "pendingWrites", "problems"],
            blue.EnumerateObject().Select(field => field.Name));
        Assert.True(answer.RootElement.GetProperty("config").GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Get_ExplainOfAnUnknownAddress_FindsNothing() => Assert.Equal(
        """{"query":"10.9.9.9","found":false,"matches":[],"unanswered":[]}""",
        await silo.Admin.GetStringAsync(new Uri("/api/v1/explain?ip=10.9.9.9", UriKind.Relative)));

    [Fact]
    public async Task Get_Metrics_HasEveryDocumentedNameFromTheStart()
    {
        var text = await silo.Public.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        string[] names =
        [
            "kps_build_info", "kps_config_valid", "kps_config_last_reload_timestamp_seconds", "kps_cluster_up", "kps_cluster_info", "kps_cluster_synced",
            "kps_cluster_last_contact_timestamp_seconds", "kps_cluster_failures_total", "kps_watch_restarts_total", "kps_lists_total", "kps_pods",
            "kps_pods_skipped", "kps_sets", "kps_sets_out_of_sync", "kps_nets", "kps_nets_refused", "kps_writes_total", "kps_write_duration_seconds_count",
            "kps_propagation_seconds_count", "kps_drift_repairs_total",
        ];
        var present = text.Split('\n').Where(line => !line.StartsWith('#')).Select(line => line.Split('{', ' ')[0]).ToHashSet();
        Assert.Empty(names.Except(present));
        Assert.Contains("kps_cluster_up{remote_cluster=\"blue\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("orleans", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Get_EventStream_OpensAtOnce()
    {
        using var deadline = new CancellationTokenSource(Deadline.Default, TimeProvider.System);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, silo.Admin.BaseAddress!.Port, deadline.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"u8.ToArray(), deadline.Token);
        using var reader = new StreamReader(stream);

        var lines = new List<string>();
        while (lines.LastOrDefault()?.StartsWith(": ", StringComparison.Ordinal) != true)
            lines.Add(await reader.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException(string.Join('\n', lines)));

        // The comment, which clients pass over, shows that the stream is open before anything happens.
        Assert.Contains("Content-Type: text/event-stream; charset=utf-8", lines);
    }

    [Fact]
    public async Task Get_StatusPage_NeedsNothingFromElsewhere()
    {
        using var response = await silo.Admin.GetAsync(new Uri("/", UriKind.Relative));

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("://", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
