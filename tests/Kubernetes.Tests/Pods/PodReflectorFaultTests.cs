using System.Text;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Pods;
using KubePolicySemaphore.Simulator;
using KubePolicySemaphore.TestBench;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

public sealed class PodReflectorFaultTests
{
    private const int ThreePages = 10_001;

    [Fact]
    public async Task List_OfThreePages_IsAppliedOnceWithAllPods()
    {
        await using var server = await StartAsync(ThreePages);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("all pods are there", sink => sink.Pods.Count == ThreePages);

        Assert.Equal(1, reflector.Sink.Replaces);
        var told = Assert.Single(reflector.Sink.Told<PodSourceReport.ListCompleted>());
        Assert.Equal((3, ThreePages), (told.Pages, told.Pods));
    }

    [Fact]
    public async Task List_ResetAfterPageOneOfThree_AppliesNothingUntilWhole()
    {
        await using var server = await StartAsync(ThreePages);
        using var cut = server.Faults.CutAtPage(2, times: 3);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("all pods are there", sink => sink.Replaces == 1);

        Assert.Equal(ThreePages, reflector.Sink.Pods.Count);
        Assert.Equal(3, reflector.Sink.Told<PodSourceReport.Failed>().Count());
        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Fact]
    public async Task List_ContinueTokenExpired_StartsAnewFromPageOne()
    {
        await using var server = await StartAsync(ThreePages);
        using var gone = server.Faults.Answer(request => request.Page == 2, 410, times: 1);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("all pods are there", sink => sink.Pods.Count == ThreePages);

        Assert.Equal(2, server.Requests.Newest.Count(request => request.Verb == "list" && request.Page == 1));
        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Theory]
    [InlineData(200, "<html>maintenance</html>")]
    [InlineData(200, "")]
    [InlineData(200, """{"kind":"PodList","metadata":{"resourceVersion":"1"},"items":null}""")]
    [InlineData(200, """{"kind":"Status","status":"Failure","message":"x"}""")]
    [InlineData(200, """{"kind":"Table","metadata":{"resourceVersion":"1"},"rows":[]}""")]
    public async Task Relist_AnsweredWithSomethingElse_KeepsWhatIsKnown(int status, string body)
    {
        await using var server = await StartAsync(30);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("pods are there", sink => sink.Pods.Count == 30);

        using var fault = server.Faults.Answer(request => request.Verb == "list", status, body: body, times: 2);
        reflector.Source.RequestRelist();
        await reflector.UntilAsync("a later list is good", sink => sink.Replaces == 2);

        Assert.Equal(30, reflector.Sink.Pods.Count);
        var failures = reflector.Sink.Told<PodSourceReport.Failed>().ToList();
        Assert.Equal(2, failures.Count);
        Assert.All(failures, failure => Assert.Equal(ClusterFailureReason.BadAnswer, failure.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_Expired_RelistsAndSeesWhatWentInTheGap(bool asHttpStatus)
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { ExpiredWatchIsHttpError = asHttpStatus });
        Fill(server, 30);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("pods are there", sink => sink.Pods.Count == 30);
        await WatchAsync(server);

        // Held off, so that the pods go while nobody watches.
        using (server.Faults.Answer(request => request.Verb == "watch", 503))
        {
            server.Faults.CutWatches();
            for (var i = 0; i < 10; i++)
                server.Pods.Delete("ns", $"pod-{i}");
            server.Faults.ForgetHistory();
        }

        await reflector.UntilAsync("the gap is closed", sink => sink.Pods.Count == 20);
        Assert.True(reflector.Sink.HasRestarted(WatchRestartReason.Expired));
    }

    [Fact]
    public async Task Watch_Cut_ResumesFromItsVersionWithoutAList()
    {
        await using var server = await StartAsync(3);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("pods are there", sink => sink.Pods.Count == 3);
        for (var i = 0; i < 3; i++)
        {
            await WatchAsync(server);
            server.Faults.CutWatches();
            server.Pods.Set(Pod($"new-{i}", 100 + i));
            var expected = 4 + i;
            await reflector.UntilAsync("the new pod is there", sink => sink.Pods.Count == expected);
        }

        Assert.Equal(1, server.Requests.Count("list", "pods"));
        Assert.True(reflector.Sink.HasRestarted(WatchRestartReason.Broken));
    }

    [Fact]
    public async Task Watch_LineCutAtTheEnd_UsesNoPartOfIt()
    {
        await using var server = await StartAsync(1);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);
        await WatchAsync(server);

        server.Faults.EndWatches(Encoding.UTF8.GetBytes("""{"type":"DELETED","object":{"metadata":{"name":"pod-0","namespace":"ns","resourceVersion":"99"}"""));
        await reflector.UntilAsync("the watch is back", _ => server.RunningWatches.Count == 1 && reflector.Sink.HasRestarted(WatchRestartReason.Closed));
        server.Pods.Set(Pod("marker", 9));
        await reflector.UntilAsync("a later event is there", sink => sink.Pods.ContainsKey("ns/marker"));

        Assert.True(reflector.Sink.Pods.ContainsKey("ns/pod-0"));
    }

    [Fact]
    public async Task Watch_OneByteChunksAndBrokenLines_GoesOnWithoutReconnect()
    {
        await using var server = await StartAsync(1);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);
        await WatchAsync(server);

        server.Faults.InjectIntoWatches(Encoding.UTF8.GetBytes("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"\\ud800\",\"namespace\":\"ns\"}}}\nnonsense\n"));
        server.Faults.InjectIntoWatches(
            Encoding.UTF8.GetBytes("""{"type":"ADDED","object":{"metadata":{"name":"slow","namespace":"ns","resourceVersion":"50"},"status":{"podIP":"10.0.0.7"}}}""" + "\n"), chunkBytes: 1);
        await reflector.UntilAsync("the slow one is there", sink => sink.Pods.GetValueOrDefault("ns/slow") == "10.0.0.7");

        Assert.Equal(2, reflector.Sink.Told<PodSourceReport.Refused>().Count());
        Assert.Empty(reflector.Sink.Told<PodSourceReport.WatchRestarted>());
    }

    [Fact]
    public async Task Watch_Silent_IsDeadAfterTwoMinutes()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(1);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1, TimeSpan.FromMilliseconds(1));
        await WatchAsync(server);
        var stall = server.Faults.StallWatches();
        server.Pods.Set(Pod("unseen", 9));
        var start = time.GetUtcNow();

        await reflector.UntilAsync("the silence is noticed", sink => sink.HasRestarted(WatchRestartReason.Silent), TimeSpan.FromSeconds(5));
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromSeconds(115), TimeSpan.FromSeconds(150));
        stall.Dispose();
        await reflector.UntilAsync("the pod of the silence is there", sink => sink.Pods.ContainsKey("ns/unseen"));
        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Fact]
    public async Task Watch_Busy_HonoursRetryAfterAndDoesNotRelist()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(1);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1, TimeSpan.FromMilliseconds(1));
        await WatchAsync(server);
        var busy = server.Faults.Answer(request => request.Verb == "watch", 429, TimeSpan.FromSeconds(7));
        server.Faults.CutWatches();

        await reflector.UntilAsync("three tries", _ => busy.Hits >= 3, TimeSpan.FromSeconds(0.5));
        busy.Dispose();
        await reflector.UntilAsync("the watch is back", _ => server.RunningWatches.Count == 1);

        Assert.All(
            reflector.Sink.Told<PodSourceReport.Failed>().Where(failure => failure.Reason == ClusterFailureReason.Busy),
            failure => Assert.InRange(failure.RetryIn.TotalSeconds, 7, 7.8));
        Assert.True(reflector.Sink.HasRestarted(WatchRestartReason.Busy));
        Assert.Equal(1, server.Requests.Count("list", "pods"));
    }

    [Fact]
    public async Task List_Busy_HonoursRetryAfter()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(1);
        using var busy = server.Faults.Answer(request => request.Verb == "list", 429, TimeSpan.FromSeconds(7), times: 2);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);

        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);

        Assert.All(reflector.Sink.Told<PodSourceReport.Failed>(), failure => Assert.InRange(failure.RetryIn.TotalSeconds, 7, 7.8));
    }

    [Fact]
    public async Task Watch_Forbidden_KeepsThePodsAndTellsSlowly()
    {
        var time = new FakeTimeProvider();
        var denied = true;
        await using var server = await SimulatedApiServer.StartAsync(new() { IsDenied = review => denied && review.Verb == "watch" });
        Fill(server, 5);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);

        await reflector.UntilAsync("it is told ten times", sink => sink.Told<PodSourceReport.Failed>().Count() >= 10);
        Assert.All(reflector.Sink.Told<PodSourceReport.Failed>(), failure =>
        {
            Assert.Equal(ClusterFailureReason.Forbidden, failure.Reason);
            Assert.StartsWith("watch pods: HTTP 403", failure.Error, StringComparison.Ordinal);
        });
        Assert.InRange(reflector.Sink.Told<PodSourceReport.Failed>().Last().RetryIn.TotalSeconds, 15, 30);
        Assert.Equal(5, reflector.Sink.Pods.Count);
        denied = false;
        await reflector.UntilAsync("the watch is there", _ => server.RunningWatches.Count == 1);
        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Fact]
    public async Task List_ThatComesTooSlowly_Ends()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(50);
        var slow = server.Faults.Add(new Fault { Matches = request => request.Verb == "list", ChunkBytes = 1, ChunkDelay = TimeSpan.FromMilliseconds(20) });
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);

        await reflector.UntilAsync(
            "the slow list is given up", sink => sink.Told<PodSourceReport.Failed>().Any(failure => failure.Reason == ClusterFailureReason.Timeout), TimeSpan.FromSeconds(5));
        slow.Dispose();
        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == 50);
    }

    [Fact]
    public async Task List_OfServersThatDoNotAnswer_HoldsUpNoOther()
    {
        var time = new FakeTimeProvider();
        using var slots = new ListSlots(time, count: 2);
        await using var server = await StartAsync(30);
        await using var mute = await StartAsync(1);
        using var silence = mute.Faults.Add(new Fault { Matches = _ => true, Delay = TimeSpan.FromMinutes(5) });
        await using var first = new RunningReflector(RunningReflector.Entry(mute.Uri), time, slots: slots);
        await using var second = new RunningReflector(RunningReflector.Entry(mute.Uri), time, slots: slots);
        await Deadline.UntilAsync("both wait for an answer", () => Task.FromResult(silence.Hits >= 2));
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time, slots: slots);

        // Well before a request that is not answered ends.
        await reflector.UntilAsync("all pods are there", sink => sink.Pods.Count == 30, TimeSpan.FromMilliseconds(100));

        Assert.DoesNotContain(first.Sink.Told<PodSourceReport.Failed>(), _ => true);
    }

    [Fact]
    public async Task Resync_ListsAnewWhileTheWatchGoesOn()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(5);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time, TimeSpan.FromMinutes(1));
        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == 5, TimeSpan.FromMilliseconds(1));
        await WatchAsync(server);
        var slow = server.Faults.Add(new Fault { Matches = request => request.Verb == "list", Delay = TimeSpan.FromSeconds(2), Times = 1 });

        await reflector.UntilAsync("the list is on its way", _ => slow.Hits == 1, TimeSpan.FromSeconds(5));
        server.Pods.Set(Pod("meanwhile", 77));
        await reflector.UntilAsync("the event came during the list", sink => sink.Pods.ContainsKey("ns/meanwhile"), TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, reflector.Sink.Replaces);
        await reflector.UntilAsync("the list is applied", sink => sink.Replaces == 2, TimeSpan.FromMilliseconds(1));
        Assert.True(reflector.Sink.HasRestarted(WatchRestartReason.Resync));
        Assert.Equal(6, reflector.Sink.Pods.Count);
    }

    [Fact]
    public async Task Relist_UnderChurn_NeverUndoesWhatTheWatchHasTold()
    {
        await using var server = await StartAsync(ThreePages);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), prepare: sink => sink.IsLive = key => key.StartsWith("ns/stays-", StringComparison.Ordinal));
        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == ThreePages);
        for (var round = 0; round < 5; round++)
        {
            await WatchAsync(server);
            // Between two pages the list is certainly under way, and older than what comes now.
            using var pause = server.Faults.Add(new Fault { Matches = request => request.Page == 3, Delay = TimeSpan.FromMilliseconds(300), Times = 1 });
            var lists = reflector.Sink.Replaces;
            reflector.Source.RequestRelist();
            await reflector.UntilAsync("page 3 is asked for", _ => pause.Hits == 1);
            server.Pods.Set(Pod($"stays-{round}", 1_000 + round));
            server.Pods.Delete("ns", $"pod-{round}");
            await reflector.UntilAsync("the list is applied", sink => sink.Replaces == lists + 1);
            var expected = ThreePages;
            await reflector.UntilAsync("the pods are right", sink => sink.Pods.Count == expected && sink.Pods.ContainsKey($"ns/stays-{round}") && !sink.Pods.ContainsKey($"ns/pod-{round}"));
        }

        Assert.Empty(reflector.Sink.WronglyRemoved);
    }

    [Fact]
    public async Task Relist_HeldBack_GoesOnWithTheOldStreamAndListsAgain()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(5);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time);
        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == 5, TimeSpan.FromMilliseconds(1));
        await WatchAsync(server);
        reflector.Sink.Decide = list => list < 4 ? new RelistDecision(TimeSpan.FromSeconds(30)) : RelistDecision.Applied;

        reflector.Source.RequestRelist();
        await reflector.UntilAsync("the list is held", sink => sink.Replaces == 2, TimeSpan.FromMilliseconds(1));
        server.Pods.Set(Pod("during-hold", 88));
        await reflector.UntilAsync("the old stream goes on", sink => sink.Pods.ContainsKey("ns/during-hold"), TimeSpan.FromMilliseconds(1));
        Assert.Empty(reflector.Sink.Told<PodSourceReport.WatchRestarted>());
        var start = time.GetUtcNow();
        await reflector.UntilAsync("the list after the hold is applied", sink => sink.Replaces == 4);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(58));
    }

    [Fact]
    public async Task FirstList_HeldBackWithoutAnyStream_DoesNotSpin()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(5);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri), time, prepare: sink => sink.Decide = _ => new RelistDecision(TimeSpan.FromSeconds(30)));

        var start = time.GetUtcNow();
        await reflector.UntilAsync("three lists", sink => sink.Replaces == 3);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(58));
        Assert.DoesNotContain(server.Requests.Newest, request => request.Verb == "watch" && request.StatusCode == 200);
    }

    [Fact]
    public async Task Namespaces_EachWithItsOwnListAndWatch_AreOneReplace()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        foreach (var ns in new[] { "payments", "orders", "other" })
            server.Pods.Set(Pod("pod", 1) with { Namespace = ns });
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri) with { Namespaces = ["payments", "orders"] });

        await reflector.UntilAsync("both are there", sink => sink.Pods.Count == 2 && server.RunningWatches.Count == 2);
        server.Pods.Set(Pod("late", 2) with { Namespace = "orders" });
        server.Pods.Set(Pod("late", 3) with { Namespace = "payments" });
        await reflector.UntilAsync("both late ones are there", sink => sink.Pods.Count == 4);

        Assert.Equal(1, reflector.Sink.Replaces);
        Assert.DoesNotContain("other/pod", reflector.Sink.Pods.Keys);
    }

    [Fact]
    public async Task Server_DownAndUpAgain_ResumesTheWatch()
    {
        await using var server = await StartAsync(5);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == 5);
        await WatchAsync(server);

        await server.TakeDownAsync();
        await reflector.UntilAsync("it is noticed", sink => sink.Told<PodSourceReport.Failed>().Any(failure => failure.Reason == ClusterFailureReason.Unreachable));
        server.Pods.Delete("ns", "pod-0");
        await server.BringUpAsync();
        await reflector.UntilAsync("what went meanwhile is gone", sink => sink.Pods.Count == 4);

        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Fact]
    public async Task Watch_ManyEventsAtOnce_ComeInFewBatches()
    {
        await using var server = await StartAsync(0);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));
        await reflector.UntilAsync("the first list is there", sink => sink.Replaces == 1);
        await WatchAsync(server);

        Fill(server, 5_000);
        await reflector.UntilAsync("all are there", sink => sink.Pods.Count == 5_000);

        Assert.True(reflector.Sink.Applies < 4_000, $"{reflector.Sink.Applies} calls for 5,000 events");
    }

    [Fact]
    public async Task StreamingList_WhereItIsOffered_IsUsedAndFollowed()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { StreamingLists = true });
        Fill(server, ThreePages);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("all pods are there", sink => sink.Pods.Count == ThreePages);
        server.Pods.Delete("ns", "pod-0");
        server.Pods.Set(Pod("new", 7));
        await reflector.UntilAsync("the changes are there", sink => !sink.Pods.ContainsKey("ns/pod-0") && sink.Pods.ContainsKey("ns/new"));

        Assert.Equal(0, server.Requests.Count("list", "pods"));
        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task StreamingList_Refused_IsAPlainListAtOnceAndNotAskedForAgain(int status)
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { StreamingLists = true });
        Fill(server, 10);
        using var refusal = server.Faults.Answer(request => request.Query.Contains("sendInitialEvents", StringComparison.Ordinal), status);
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("the pods are there", sink => sink.Pods.Count == 10);
        reflector.Source.RequestRelist();
        await reflector.UntilAsync("the second list is there", sink => sink.Replaces == 2);

        Assert.Equal(1, refusal.Hits);
        Assert.Empty(reflector.Sink.Told<PodSourceReport.Failed>());
    }

    [Fact]
    public async Task StreamingList_CutHalfWay_AppliesNothingOfIt()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { StreamingLists = true });
        Fill(server, 100);
        using var cut = server.Faults.Add(new Fault
        {
            Matches = request => request.Query.Contains("sendInitialEvents", StringComparison.Ordinal),
            CutAfterBytes = 20_000,
            Times = 1,
        });
        await using var reflector = new RunningReflector(RunningReflector.Entry(server.Uri));

        await reflector.UntilAsync("the pods are there", sink => sink.Replaces == 1);

        Assert.Equal(100, reflector.Sink.Pods.Count);
        Assert.Equal(1, cut.Hits);
    }

    private static async Task<SimulatedApiServer> StartAsync(int pods)
    {
        var server = await SimulatedApiServer.StartAsync();
        Fill(server, pods);
        return server;
    }

    private static void Fill(SimulatedApiServer server, int pods) =>
        server.Pods.Set(Enumerable.Range(0, pods).Select(i => Pod($"pod-{i}", i)));

    private static SimulatedPod Pod(string name, int number) => new("ns", name)
    {
        Labels = new Dictionary<string, string> { ["uw.systems/networksets"] = "true" },
        Annotations = new Dictionary<string, string> { ["uw.systems/networkset-name"] = "web" },
        PodIPs = [$"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"],
    };

    private static Task WatchAsync(SimulatedApiServer server) =>
        TestBench.Deadline.UntilAsync("a watch runs", () => Task.FromResult(server.RunningWatches.Count > 0));
}
