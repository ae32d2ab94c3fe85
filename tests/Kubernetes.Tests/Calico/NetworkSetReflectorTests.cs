using System.Text;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>What goes wrong with list and watch.</summary>
public sealed class NetworkSetReflectorTests
{
    [Fact]
    public async Task Observe_OfMorePagesThanOne_ShowsAll()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        for (var i = 0; i < 1_201; i++)
            server.NetworkSets.Set(Set($"set-{i}"));
        server.NetworkSets.Set(new SimulatedNetworkSet("somebody-elses", ["10.0.0.1/32"]));
        await using var sut = StoreUnderTest.On(server);

        await sut.ObserveAsync();

        Assert.NotNull(sut.Observer.Find("set-1200"));
        Assert.Null(sut.Observer.Find("somebody-elses"));
        Assert.Equal(3, server.Requests.Newest.Count(request => request.Verb == "list"));
    }

    [Fact]
    public async Task Observe_WithAPageThatBreaks_ShowsNothingBeforeTheListIsComplete()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        for (var i = 0; i < 600; i++)
            server.NetworkSets.Set(Set($"set-{i}"));
        server.Faults.CutAtPage(2, times: 1);
        await using var sut = StoreUnderTest.On(server);

        await sut.ObserveAsync();

        Assert.Single(sut.Observer.Errors);
        Assert.Equal(1, sut.Observer.Lists);
        Assert.NotNull(sut.Observer.Find("set-599"));
    }

    [Theory]
    [InlineData("""{"kind":"Status","status":"Success","metadata":{"resourceVersion":"5"}}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}}]}""")]
    [InlineData("<html>Welcome</html>")]
    public async Task Observe_WithAnAnswerThatIsNoList_IsAFailureAndNoEmptyList(string body)
    {
        await using var server = await SimulatedApiServer.StartAsync();
        server.NetworkSets.Set(Set("web"));
        server.Faults.Answer(request => request.Verb == "list", 200, body: body, times: 1);
        await using var sut = StoreUnderTest.On(server);

        await sut.ObserveAsync();

        Assert.Contains("no list", Assert.Single(sut.Observer.Errors), StringComparison.Ordinal);
        Assert.NotNull(sut.Observer.Find("web"));
    }

    [Fact]
    public async Task Observe_AfterABrokenWatch_GoesOnWithoutAList()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server);
        await WatchAsync(server, sut);
        using (server.Faults.Answer(request => request.Verb == "watch", 429))
        {
            server.Faults.CutWatches();
            await sut.Observer.UntilAsync("that the watch is refused", observer => observer.Errors.Any(error => error.Contains("429")));
            server.NetworkSets.Set(Set("web"));
        }

        await sut.Observer.UntilAsync("what came meanwhile", observer => observer.Find("web") is not null);
        Assert.Equal(1, sut.Observer.Lists);
    }

    [Fact]
    public async Task Observe_AfterTheVersionHasExpired_ListsAnew()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        server.NetworkSets.Set(Set("gone"));
        await using var sut = StoreUnderTest.On(server);
        await WatchAsync(server, sut);
        using (server.Faults.Answer(request => request.Verb == "watch", 503))
        {
            server.Faults.CutWatches();
            await sut.Observer.UntilAsync("that the watch is refused", observer => observer.Errors.Any(error => error.Contains("503")));
            server.NetworkSets.Delete("gone");
            // Nobody can tell any more that it went.
            server.Faults.ForgetHistory();
        }

        await sut.Observer.UntilAsync("a second list", observer => observer.Lists == 2);
        Assert.Null(sut.Observer.Find("gone"));
    }

    [Fact]
    public async Task Observe_OfALineThatCannotBeUnderstood_ListsAnew()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server);
        await WatchAsync(server, sut);

        server.Faults.InjectIntoWatches(Encoding.UTF8.GetBytes("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"na\n"));

        await sut.Observer.UntilAsync("a second list", observer => observer.Lists == 2);
    }

    [Theory]
    [InlineData("""{"nets":"10.0.0.1/32"}""")]
    [InlineData("""{"nets":[1,{"a":[]},"10.0.0.1/32"]}""")]
    [InlineData("[]")]
    public async Task Observe_OfAnObjectWhoseSpecIsUnreadable_ShowsItAsNotExact(string spec)
    {
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server);
        await WatchAsync(server, sut);

        server.Faults.InjectIntoWatches(Encoding.UTF8.GetBytes(
            $$$"""{"type":"ADDED","object":{"metadata":{"name":"odd","uid":"u","resourceVersion":"9"},"spec":{{{spec}}}}}""" + "\n"), chunkBytes: 7);

        await sut.Observer.UntilAsync("the object", observer => observer.Find("odd") is { NetsExact: false });
        Assert.Equal(1, sut.Observer.Lists);
    }

    [Fact]
    public async Task Observe_OfASilentWatch_MakesItAnewAfterTwoMinutes()
    {
        var time = new FakeTimeProvider();
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server, CalicoApiChoice.Auto, time);
        await WatchAsync(server, sut);
        using (server.Faults.StallWatches())
        {
            server.NetworkSets.Set(Set("web"));
            await sut.PassAsync(time, "the silence is noticed", observer => observer.Errors.Any(error => error.Contains("120 s")));
        }

        await sut.PassAsync(time, "what came meanwhile", observer => observer.Find("web") is not null);
        Assert.Equal(1, sut.Observer.Lists);
    }

    [Fact]
    public async Task Observe_WhenTheOtherApiAppears_ListsThereWithinAMinute()
    {
        var time = new FakeTimeProvider();
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server, CalicoApiChoice.Auto, time);
        await WatchAsync(server, sut);
        var start = time.GetTimestamp();
        server.CalicoApis = CalicoApis.Both;

        await sut.PassAsync(time, "a second list", observer => observer.Lists == 2);

        Assert.InRange(time.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(62));
        await TestBench.Deadline.UntilAsync("a watch in v3", () => Task.FromResult(
            server.RunningWatches is [{ Group: "projectcalico.org" }]));
    }

    [Fact]
    public async Task Observe_WhenTheApiIsGoneAndComesBack_SaysSoAndListsAnew()
    {
        var time = new FakeTimeProvider();
        await using var server = await SimulatedApiServer.StartAsync();
        await using var sut = StoreUnderTest.On(server, CalicoApiChoice.Auto, time);
        await WatchAsync(server, sut);
        server.CalicoApis = CalicoApis.None;
        await sut.PassAsync(time, "that it is missing", observer => observer.Errors.Any(error => error.Contains("is Calico installed")));

        server.CalicoApis = CalicoApis.V3;

        await sut.PassAsync(time, "a second list", observer => observer.Lists == 2);
    }

    private static async Task WatchAsync(SimulatedApiServer server, StoreUnderTest sut)
    {
        await sut.ObserveAsync();
        await sut.Observer.UntilAsync("a watch", observer => observer.Contacts > 0);
        await TestBench.Deadline.UntilAsync("a watch", () => Task.FromResult(server.RunningWatches.Count == 1));
    }

    private static SimulatedNetworkSet Set(string name) => new(name, ["10.0.0.1/32"])
    {
        Labels = new Dictionary<string, string> { ["managed-by"] = "calico-global-network-sync-operator" },
    };
}
