using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using KubePolicySemaphore.Simulator.Tests.Contract;

namespace KubePolicySemaphore.Simulator.Tests.Faults;

public sealed class FaultTests : IAsyncLifetime, IDisposable
{
    private const string Pods = "/api/v1/pods";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private SimulatedApiServer _server = null!;
    private ApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await SimulatedApiServer.StartAsync();
        _client = new ApiClient(_server.Uri, null, null);
        _server.Pods.Set(Enumerable.Range(0, 30).Select(i => Pod($"p{i:00}")));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Answer_ForTwoRequests_ThenServesAgain()
    {
        _server.Faults.Answer(request => request.Verb == "list", 429, TimeSpan.FromSeconds(7), times: 2);
        using var http = new HttpClient { BaseAddress = _server.Uri };

        using var refused = await http.GetAsync(Pods);

        Assert.Equal((429, TimeSpan.FromSeconds(7)), ((int)refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Equal("TooManyRequests", (await _client.GetAsync(Pods)).Reason);
        Assert.Equal(30, (await _client.GetAsync(Pods)).Names.Length);
    }

    [Fact]
    public async Task Answer_WithBody_IsSentAsItIs()
    {
        _server.Faults.Answer(_ => true, 200, body: "<html>");

        Assert.Equal("<html>", (string)(await _client.GetAsync(Pods)).Json["text"]!);
        _server.Faults.Clear();
        Assert.Equal(30, (await _client.GetAsync(Pods)).Names.Length);
    }

    [Fact]
    public async Task CutAtPage_BreaksThatPageOnly()
    {
        _server.Faults.CutAtPage(2, times: 1);
        var first = await _client.GetAsync($"{Pods}?limit=10");

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync($"{Pods}?limit=10&continue={first.Continue}"));
        var second = await _client.GetAsync($"{Pods}?limit=10&continue={first.Continue}");

        Assert.Equal("p10", second.Names[0]);
    }

    [Fact]
    public async Task CutAfterBytes_ResetsTheConnection()
    {
        _server.Faults.Add(new Fault { Matches = _ => true, CutAfterBytes = 100, Times = 1 });
        using var http = new HttpClient { BaseAddress = _server.Uri };

        var broken = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetByteArrayAsync(Pods));

        Assert.IsType<SocketException>(broken.GetBaseException());
        Assert.NotEmpty(await http.GetByteArrayAsync(Pods));
    }

    [Fact]
    public async Task CutCleanly_EndsTheBodyAsIfItWereWhole()
    {
        _server.Faults.Add(new Fault { Matches = _ => true, CutAfterBytes = 100, CutCleanly = true });
        using var http = new HttpClient { BaseAddress = _server.Uri };

        Assert.Equal(100, (await http.GetByteArrayAsync(Pods)).Length);
    }

    [Fact]
    public async Task Trickle_SendsTheSameBytesSlowly()
    {
        using var http = new HttpClient { BaseAddress = _server.Uri };
        var whole = await http.GetByteArrayAsync(Pods);
        var pieces = whole.Length / 1000;
        _server.Faults.Add(new Fault { Matches = _ => true, ChunkBytes = 1000, ChunkDelay = TimeSpan.FromMilliseconds(20) });

        var start = TimeProvider.System.GetTimestamp();
        Assert.Equal(whole, await http.GetByteArrayAsync(Pods));
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(20 * pieces));
    }

    [Fact]
    public async Task DropAnswer_DoesTheWriteAllTheSame()
    {
        var fault = _server.Faults.Add(new Fault { Matches = request => request.Verb == "create", DropAnswer = true, Times = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.PostAsync(ApiClient.NetworkSets, ApiClient.NetworkSet("a", null, "10.0.0.1/32")));

        Assert.Equal(1, fault.Hits);
        Assert.Equal(["10.0.0.1/32"], _server.NetworkSets.Nets("a"));
    }

    [Fact]
    public async Task CutWatches_ResetsThem()
    {
        await using var watch = await OpenWatchAsync();

        Assert.Equal(1, _server.Faults.CutWatches());
        await Assert.ThrowsAnyAsync<IOException>(() => watch.ReadLineAsync());
    }

    [Fact]
    public async Task StallWatches_HoldsEventsBackUntilCleared()
    {
        await using var watch = await OpenWatchAsync();
        using (_server.Faults.StallWatches())
        {
            _server.Pods.Set(Pod("late"));
            var line = watch.ReadLineAsync();
            // The request behind it is answered, the watch is not.
            await _client.GetAsync(Pods);
            Assert.False(line.IsCompleted);
            _server.Faults.Clear();
            Assert.Contains("late", await line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task InjectIntoWatches_WritesTheBytesBetweenEvents()
    {
        await using var watch = await OpenWatchAsync();

        _server.Faults.InjectIntoWatches(Encoding.UTF8.GetBytes("{\"type\":\n"), chunkBytes: 1);
        Assert.Equal("{\"type\":", await watch.ReadLineAsync());
        _server.Pods.Set(Pod("after"));
        Assert.Contains("after", await watch.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndWatches_EndsThemAfterHalfALine()
    {
        await using var watch = await OpenWatchAsync();

        _server.Faults.EndWatches("{\"ty"u8.ToArray());

        Assert.Equal("{\"ty", await watch.ReadLineAsync());
        Assert.Null(await watch.ReadLineAsync());
    }

    [Fact]
    public async Task ExpireWatches_SendsAnErrorEventAndMakesOldVersionsTooOld()
    {
        var list = await _client.GetAsync($"{Pods}?limit=1");
        await using var watch = await OpenWatchAsync(list.ResourceVersion);

        _server.Faults.ExpireWatches();

        Assert.Equal(("ERROR", 410), TypeAndCode(await watch.ReadLineAsync()));
        Assert.Null(await watch.ReadLineAsync());
        await using var again = await OpenWatchAsync(list.ResourceVersion, runs: false);
        Assert.Equal(("ERROR", 410), TypeAndCode(await again.ReadLineAsync()));
        Assert.Equal(410, (await _client.GetAsync($"{Pods}?limit=1&continue={list.Continue}")).Status);
        await using var fresh = await OpenWatchAsync((await _client.GetAsync(Pods)).ResourceVersion);
        _server.Pods.Set(Pod("new"));
        Assert.Contains("new", await fresh.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeDown_RefusesConnections_AndBringUpServesTheSameObjects()
    {
        await using var watch = await OpenWatchAsync();
        await _server.TakeDownAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => watch.ReadLineAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(Pods));
        _server.Pods.Delete("default", "p00");
        await _server.BringUpAsync();

        Assert.Equal("p01", (await _client.GetAsync(Pods)).Names[0]);
    }

    private static (string Type, int Code) TypeAndCode(string? line)
    {
        using var json = JsonDocument.Parse(line!);
        return (json.RootElement.GetProperty("type").GetString()!, json.RootElement.GetProperty("object").GetProperty("code").GetInt32());
    }

    private static SimulatedPod Pod(string name) => new("default", name) { PodIPs = ["10.0.0.1"] };

    private async Task<WatchLines> OpenWatchAsync(string? resourceVersion = null, bool runs = true)
    {
        var from = resourceVersion ?? (await _client.GetAsync($"{Pods}?limit=1")).ResourceVersion;
        var before = _server.RunningWatches.Count;
        var watch = await WatchLines.OpenAsync(new Uri(_server.Uri, $"{Pods}?watch=true&resourceVersion={from}"), Deadline);
        if (runs)
            await TestBench.Deadline.UntilAsync("the watch runs", () => Task.FromResult(_server.RunningWatches.Count > before));
        return watch;
    }
}
