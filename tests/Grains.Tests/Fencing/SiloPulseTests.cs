using KubePolicySemaphore.Grains.Fencing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Grains.Tests.Fencing;

public sealed class SiloPulseTests
{
    private readonly FakeMembershipCheck _membership = new();
    private readonly JumpingTimeProvider _time = new();

    [Fact]
    public async Task Process_ThatRunsOn_NeedsNoProof()
    {
        var time = new FakeTimeProvider();
        using var pulse = new SiloPulse(_membership, time, NullLogger<SiloPulse>.Instance);

        for (var i = 0; i < 100; i++)
            time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True(await pulse.IsFreshAsync(default));
        Assert.Equal(0, _membership.Questions);
    }

    [Fact]
    public async Task Process_ThatStoodStill_AsksOnceAndGoesOnAsMember()
    {
        using var pulse = CreatePulse();
        _time.Jump(SiloPulse.MaxGap + TimeSpan.FromMilliseconds(1));

        Assert.True(await pulse.IsFreshAsync(default));
        Assert.True(await pulse.IsFreshAsync(default));
        Assert.Equal(1, _membership.Questions);
    }

    [Fact]
    public async Task Process_ThatStoodStillAndWasDeclaredDead_WritesNothingAnyMore()
    {
        using var pulse = CreatePulse();
        _membership.IsActive = false;
        _time.Jump(TimeSpan.FromSeconds(30));

        Assert.False(await pulse.IsFreshAsync(default));
        Assert.False(await pulse.IsFreshAsync(default));
    }

    [Fact]
    public async Task Process_ThatStoodStillAndCannotAsk_StaysDoubtedUntilItCan()
    {
        using var pulse = CreatePulse();
        _membership.IsUnreachable = true;
        _time.Jump(TimeSpan.FromSeconds(30));
        await Assert.ThrowsAsync<HttpRequestException>(async () => await pulse.IsFreshAsync(default));

        _membership.IsUnreachable = false;
        _membership.IsActive = false;
        Assert.False(await pulse.IsFreshAsync(default));
        _membership.IsActive = true;
        Assert.True(await pulse.IsFreshAsync(default));
    }

    [Fact]
    public async Task Write_WhileTheMembershipIsAsked_WaitsForTheAnswer()
    {
        using var pulse = CreatePulse();
        var answer = new TaskCompletionSource();
        (_membership.Answer, _membership.IsActive) = (answer.Task, false);
        _time.Jump(TimeSpan.FromSeconds(30));

        var first = pulse.IsFreshAsync(default).AsTask();
        var second = pulse.IsFreshAsync(default).AsTask();
        Assert.False(second.IsCompleted);
        answer.SetResult();

        Assert.False(await first);
        Assert.False(await second);
    }

    private SiloPulse CreatePulse() => new(_membership, _time, NullLogger<SiloPulse>.Instance);
}
