using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Simulator;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>What goes wrong with a request about one object.</summary>
public sealed class StoreFaultTests : IAsyncLifetime
{
    private const string ObjectName = "blue-ns-web";
    private SimulatedApiServer _server = null!;
    private StoreUnderTest _sut = null!;

    public async Task InitializeAsync()
    {
        _server = await SimulatedApiServer.StartAsync();
        _sut = StoreUnderTest.On(_server);
    }

    public async Task DisposeAsync()
    {
        await _sut.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Write_ToABusyServer_IsBusyForAsLongAsItSays()
    {
        _server.Faults.Answer(IsWrite, 429, TimeSpan.FromSeconds(7));

        var result = await CreateAsync("10.0.0.1");

        Assert.Equal((StoreOutcome.Busy, TimeSpan.FromSeconds(7), null), (result.Outcome, result.RetryAfter, result.Seen));
    }

    [Theory]
    [InlineData(401, StoreOutcome.Forbidden)]
    [InlineData(403, StoreOutcome.Forbidden)]
    [InlineData(400, StoreOutcome.Invalid)]
    [InlineData(409, StoreOutcome.Conflict)]
    [InlineData(413, StoreOutcome.Invalid)]
    [InlineData(422, StoreOutcome.Invalid)]
    [InlineData(500, StoreOutcome.Failed)]
    [InlineData(503, StoreOutcome.Failed)]
    [InlineData(302, StoreOutcome.Failed)]
    public async Task Write_AnsweredByAStatus_EndsAsTheContractSays(int status, StoreOutcome expected)
    {
        _server.Faults.Answer(IsWrite, status);

        var result = await CreateAsync("10.0.0.1");

        Assert.Equal(expected, result.Outcome);
        Assert.StartsWith($"create globalnetworksets.crd.projectcalico.org {ObjectName}: HTTP {status}", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata.uid", StoreOutcome.Conflict)]
    [InlineData("metadata.resourceVersion", StoreOutcome.Conflict)]
    [InlineData("spec.nets", StoreOutcome.Invalid)]
    public async Task Update_RefusedForAField_IsAConflictOnlyForThePreconditions(string field, StoreOutcome expected)
    {
        var seen = (await CreateAsync("10.0.0.1")).Seen!;
        _server.Faults.Answer(request => request.Verb == "patch", 422, body: $$"""
            {"kind":"Status","status":"Failure","message":"is invalid","reason":"Invalid","details":{"name":"{{ObjectName}}",
             "causes":[{"reason":"FieldValueInvalid","message":"field is immutable","field":"{{field}}"}]},"code":422}
            """);

        Assert.Equal(expected, (await _sut.Store.UpdateAsync(StoreUnderTest.Write("web"), seen, default)).Outcome);
    }

    [Fact]
    public async Task Write_WhoseAnswerIsLost_FailsAndIsFoundByARead()
    {
        using (_server.Faults.Add(new Fault { Matches = IsWrite, DropAnswer = true }))
            Assert.Equal(StoreOutcome.Failed, (await CreateAsync("10.0.0.1")).Outcome);

        var read = await _sut.Store.ReadAsync(ObjectName, default);

        Assert.Equal(StoreOutcome.Done, read.Outcome);
        Assert.Equal<PodAddress>([StoreUnderTest.Address("10.0.0.1")], read.Seen!.Nets);
    }

    [Fact]
    public async Task Write_WhoseAnswerShowsOtherNets_ReturnsWhatItShows()
    {
        var seen = (await CreateAsync("10.0.0.1")).Seen!;
        _server.Faults.Answer(IsWrite, 200, body: $$$"""
            {"kind":"GlobalNetworkSet","metadata":{"name":"{{{ObjectName}}}","uid":"{{{seen.Uid}}}","resourceVersion":"77"},"spec":{"nets":["10.0.0.1/32"]}}
            """);

        var result = await _sut.Store.UpdateAsync(StoreUnderTest.Write("web", "10.0.0.2"), seen, default);

        Assert.Equal((StoreOutcome.Done, "77"), (result.Outcome, result.Seen!.ResourceVersion));
        Assert.Equal<PodAddress>([StoreUnderTest.Address("10.0.0.1")], result.Seen.Nets);
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("")]
    [InlineData("""{"kind":"Status","status":"Success"}""")]
    [InlineData("""{"kind":"GlobalNetworkSet","metadata":{"name":"another","uid":"u","resourceVersion":"1"}}""")]
    [InlineData("""{"kind":"GlobalNetworkSet","metadata":{"name":"blue-ns-web","uid":"u"}}""")]
    [InlineData("""{"kind":"GlobalNetworkSet","metadata":{"name":"blue-ns-web","uid":"u","resourceVersion":"1"},"spec":{"nets":["10.0""")]
    public async Task Write_AnsweredBySomethingElse_Fails(string body)
    {
        _server.Faults.Answer(IsWrite, 201, body: body);

        Assert.Equal((StoreOutcome.Failed, null), await OutcomeAsync(CreateAsync("10.0.0.1")));
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("""{"kind":"Status","status":"Failure"}""")]
    public async Task Delete_AnsweredBySomethingElse_Fails(string body)
    {
        var seen = (await CreateAsync("10.0.0.1")).Seen!;
        _server.Faults.Answer(request => request.Verb == "delete", 200, body: body);

        Assert.Equal((StoreOutcome.Failed, null), await OutcomeAsync(_sut.Store.DeleteAsync(seen, default)));
    }

    [Fact]
    public async Task Write_WithoutAnswer_FailsAfterTenSeconds()
    {
        var time = new FakeTimeProvider();
        await using var sut = StoreUnderTest.On(_server, time: time);
        await sut.Store.ReadAsync("any", default);
        var hung = _server.Faults.Add(new Fault { Matches = IsWrite, Delay = TimeSpan.FromMinutes(5) });
        var write = sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default);
        await TestBench.Deadline.UntilAsync("the write has arrived", () => Task.FromResult(hung.Hits == 1));

        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(write.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal((StoreOutcome.Failed, null), await OutcomeAsync(write));
    }

    [Fact]
    public async Task Write_CancelledByItsCaller_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        var hung = _server.Faults.Add(new Fault { Matches = IsWrite, Delay = TimeSpan.FromMinutes(5) });
        var write = _sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), cancelled.Token);
        await TestBench.Deadline.UntilAsync("the write has arrived", () => Task.FromResult(hung.Hits == 1));

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
    }

    [Fact]
    public async Task Write_ToAServerThatIsDown_FailsAndLaterSucceeds()
    {
        await _server.TakeDownAsync();
        Assert.Equal(StoreOutcome.Failed, (await CreateAsync("10.0.0.1")).Outcome);

        await _server.BringUpAsync();

        Assert.Equal(StoreOutcome.Done, (await CreateAsync("10.0.0.1")).Outcome);
    }

    [Fact]
    public async Task Write_AfterTheApiHasMoved_IsApiMissingOnceAndThenGoesToTheOther()
    {
        await CreateAsync("10.0.0.1");
        _server.CalicoApis = CalicoApis.V3;

        var first = await _sut.Store.ReadAsync(ObjectName, default);
        var second = await _sut.Store.ReadAsync(ObjectName, default);

        Assert.Equal((StoreOutcome.ApiMissing, StoreOutcome.Done), (first.Outcome, second.Outcome));
        Assert.Contains(_server.Requests.Newest, request => request is { Verb: "get", Group: "projectcalico.org", StatusCode: 200 });
    }

    [Fact]
    public async Task Write_WithoutAnyApi_IsApiMissingAndAsksAtMostEverySoOften()
    {
        _server.CalicoApis = CalicoApis.None;
        for (var i = 0; i < 20; i++)
        {
            var result = await CreateAsync("10.0.0.1");
            Assert.Equal(StoreOutcome.ApiMissing, result.Outcome);
            Assert.Contains("is Calico installed", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal(2, _server.Requests.Newest.Count);
    }

    [Theory]
    [InlineData(CalicoApiChoice.Auto, "projectcalico.org")]
    [InlineData(CalicoApiChoice.V3, "projectcalico.org")]
    [InlineData(CalicoApiChoice.CrdV1, "crd.projectcalico.org")]
    public async Task Write_WhereBothApisAreServed_TakesV3UnlessToldOtherwise(CalicoApiChoice choice, string group)
    {
        _server.CalicoApis = CalicoApis.Both;
        await using var sut = StoreUnderTest.On(_server, choice);

        await sut.Store.CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default);

        Assert.Equal(group, Assert.Single(_server.Requests.Newest, IsWrite).Group);
    }

    [Fact]
    public async Task Discovery_WithTheFirstApiDown_DoesNotFallBackToTheOther()
    {
        _server.CalicoApis = CalicoApis.Both;
        using var fault = _server.Faults.Answer(request => request.Path.EndsWith("/apis/projectcalico.org/v3", StringComparison.Ordinal), 503);

        Assert.Equal((StoreOutcome.Failed, null), await OutcomeAsync(CreateAsync("10.0.0.1")));
        Assert.DoesNotContain(_server.Requests.Newest, IsWrite);
    }

    [Fact]
    public async Task Error_WithLongRemoteText_IsOneLineOf253Characters()
    {
        var message = new string('x', 100) + "\\n\\u001b[31m" + new string('y', 1_000);
        _server.Faults.Answer(IsWrite, 500, body: $$"""{"kind":"Status","message":"{{message}}"}""");

        var error = (await CreateAsync("10.0.0.1")).Error!;

        Assert.Equal(253, error.Length);
        Assert.DoesNotContain(error, char.IsControl);
    }

    private Task<StoreResult> CreateAsync(params string[] addresses) =>
        _sut.Store.CreateAsync(StoreUnderTest.Write("web", addresses), default);

    private static async Task<(StoreOutcome, object?)> OutcomeAsync(Task<StoreResult> result) => ((await result).Outcome, (await result).Seen);

    private static bool IsWrite(SimulatedRequest request) => request.Verb is "create" or "patch";
}
