using KubePolicySemaphore.Grains.NetworkSets;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

public sealed class WriteGateTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly WriteGate _gate;

    public WriteGateTests() => _gate = new(_time);

    [Fact]
    public async Task Enter_MoreThanTheLimit_WaitsForAPlace()
    {
        var leases = await FillAsync();
        var next = EnterAsync("blue");
        Assert.False(next.IsCompleted);
        Leave(leases[0], StoreOutcome.Failed);
        Assert.False(next.IsCompleted);
        // The failure halved the limit: half of them must leave first.
        foreach (var lease in leases.Skip(1).Take(_gate.Limit - 1))
            Leave(lease);
        Assert.False(next.IsCompleted);
        Leave(leases[_gate.Limit]);
        await next.WaitAsync(Deadline);
    }

    [Fact]
    public async Task Enter_ManyOfOneClusterWait_AnotherHasTheSecondTurn()
    {
        var leases = await FillAsync();
        var blue = Enumerable.Range(0, 5).Select(_ => EnterAsync("blue")).ToList();
        var green = EnterAsync("green");
        Leave(leases[0], StoreOutcome.Conflict);
        await blue[0].WaitAsync(Deadline);
        Leave(leases[1], StoreOutcome.Conflict);
        await green.WaitAsync(Deadline);
        Assert.Equal(1, blue.Count(task => task.IsCompleted));
    }

    [Fact]
    public async Task Enter_TwoClustersWait_TakeTurns()
    {
        var leases = await FillAsync();
        var order = new List<string>();
        var waiting = Enumerable.Range(0, 4).Select(_ => "blue").Concat(Enumerable.Range(0, 4).Select(_ => "green"))
            .Select(cluster => (Cluster: cluster, Task: EnterAsync(cluster))).ToList();
        foreach (var lease in leases.Take(6))
        {
            // One success is less than one place more.
            Leave(lease);
            var entered = await Task.WhenAny(waiting.Select(waiter => waiter.Task)).WaitAsync(Deadline);
            order.Add(waiting.Single(waiter => waiter.Task == entered).Cluster);
            waiting.RemoveAll(waiter => waiter.Task == entered);
        }

        Assert.Equal(["blue", "green", "blue", "green", "blue", "green"], order);
    }

    [Fact]
    public async Task Enter_WaiterIsCancelled_LosesNoPlace()
    {
        var leases = await FillAsync();
        using var stop = new CancellationTokenSource();
        var cancelled = _gate.EnterAsync("blue", stop.Token).AsTask();
        var next = EnterAsync("blue");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Leave(leases[0]);
        (await next.WaitAsync(Deadline)).Dispose();
        foreach (var lease in leases.Skip(1))
            Leave(lease);
        // All places are free again.
        Assert.All(Enumerable.Range(0, _gate.Limit).Select(_ => EnterAsync("blue")).ToList(), task => Assert.True(task.IsCompleted));
    }

    [Fact]
    public async Task Enter_AllWaitersOfAClusterAreCancelled_TheOtherIsLetIn()
    {
        var leases = await FillAsync();
        using var stop = new CancellationTokenSource();
        var cancelled = Enumerable.Range(0, 3).Select(_ => _gate.EnterAsync("blue", stop.Token).AsTask()).ToList();
        var green = EnterAsync("green");
        await stop.CancelAsync();
        Leave(leases[0]);
        await green.WaitAsync(Deadline);
        await Assert.AllAsync(cancelled, task => Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.WaitAsync(Deadline)));
    }

    [Theory]
    [InlineData(StoreOutcome.Busy)]
    [InlineData(StoreOutcome.Failed)]
    public async Task Limit_ManyRefusalsWithinASecond_IsHalvedOnce(StoreOutcome outcome)
    {
        var leases = await FillAsync();
        Leave(leases[0], outcome);
        Assert.Equal(WriteGate.InitialLimit / 2, _gate.Limit);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Leave(leases[1], outcome);
        Assert.Equal(WriteGate.InitialLimit / 2, _gate.Limit);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Leave(leases[2], outcome);
        Assert.Equal(WriteGate.InitialLimit / 4, _gate.Limit);
    }

    [Fact]
    public async Task Limit_RefusalsWithoutEnd_StaysAtOne()
    {
        for (var i = 0; i < 10; i++)
        {
            Leave(await EnterAsync("blue"), StoreOutcome.Busy);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(1, _gate.Limit);
        Leave(await EnterAsync("blue").WaitAsync(Deadline));
    }

    [Fact]
    public async Task Limit_SuccessesWithoutEnd_GrowsSlowlyToItsMost()
    {
        Leave(await EnterAsync("blue"));
        Assert.Equal(WriteGate.InitialLimit, _gate.Limit);
        for (var i = 0; i < 1_000; i++)
            Leave(await EnterAsync("blue"));
        Assert.Equal(WriteGate.MaxLimit, _gate.Limit);
    }

    [Fact]
    public async Task Dispose_Twice_GivesThePlaceOnce()
    {
        var leases = await FillAsync();
        var next = EnterAsync("blue");
        var further = EnterAsync("blue");
        Leave(leases[0], StoreOutcome.Conflict);
        leases[0].Dispose();
        await next.WaitAsync(Deadline);
        Assert.False(further.IsCompleted);
    }

    private static void Leave(WriteGate.Lease lease, StoreOutcome outcome = StoreOutcome.Done)
    {
        lease.Outcome = outcome;
        lease.Dispose();
    }

    private Task<WriteGate.Lease> EnterAsync(string cluster) => _gate.EnterAsync(cluster, CancellationToken.None).AsTask();

    private async Task<List<WriteGate.Lease>> FillAsync()
    {
        var leases = new List<WriteGate.Lease>();
        for (var i = 0; i < WriteGate.InitialLimit; i++)
            leases.Add(await EnterAsync("full").WaitAsync(Deadline));
        return leases;
    }
}
