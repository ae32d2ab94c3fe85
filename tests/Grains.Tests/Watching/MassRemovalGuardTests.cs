using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Watching;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Grains.Tests.Watching;

public sealed class MassRemovalGuardTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly MassRemovalGuard _guard;

    public MassRemovalGuardTests() => _guard = new(_time);

    [Theory]
    [InlineData(100, 50, false)]
    [InlineData(100, 51, true)]
    [InlineData(19, 19, false)]
    [InlineData(20, 20, true)]
    [InlineData(39, 20, true)]
    [InlineData(40, 20, false)]
    [InlineData(0, 0, false)]
    [InlineData(int.MaxValue, int.MaxValue, true)]
    public void Decide_OnAList_HoldsMoreThanHalfAndAtLeastTwenty(int before, int removed, bool held)
    {
        var decision = _guard.Decide(before, removed, Hold);
        Assert.Equal(held ? TimeSpan.FromSeconds(30) : null, decision.ListAgainAfter);
        Assert.Equal(held, _guard.IsHolding);
    }

    [Fact]
    public void Decide_WithoutHold_AppliesAnything() =>
        Assert.Equal(RelistDecision.Applied, _guard.Decide(100, 100, TimeSpan.Zero));

    [Fact]
    public void Decide_ListedAgainAndAgain_AppliesWhenTheHoldIsOver()
    {
        for (var held = TimeSpan.Zero; held < Hold; held += TimeSpan.FromSeconds(30))
        {
            Assert.Equal(TimeSpan.FromSeconds(30), _guard.Decide(100, 100, Hold).ListAgainAfter);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(RelistDecision.Applied, _guard.Decide(100, 100, Hold));
        Assert.False(_guard.IsHolding);
    }

    [Fact]
    public void Decide_NearTheEndOfTheHold_ListsAgainAtItsEnd()
    {
        _guard.Decide(100, 100, Hold);
        _time.Advance(Hold - TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), _guard.Decide(100, 100, Hold).ListAgainAfter);
    }

    [Fact]
    public void Decide_AGoodListInBetween_BeginsAnew()
    {
        _guard.Decide(100, 100, Hold);
        _time.Advance(Hold);
        Assert.Equal(RelistDecision.Applied, _guard.Decide(100, 1, Hold));
        Assert.NotEqual(RelistDecision.Applied, _guard.Decide(100, 100, Hold));
    }

    [Fact]
    public void Reset_WhileHolding_BeginsAnew()
    {
        _guard.Decide(100, 100, Hold);
        _time.Advance(Hold);
        _guard.Reset();
        Assert.False(_guard.IsHolding);
        Assert.NotEqual(RelistDecision.Applied, _guard.Decide(100, 100, Hold));
    }
}
