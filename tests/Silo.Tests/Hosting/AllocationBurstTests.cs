using KubePolicySemaphore.Silo.Hosting;

namespace KubePolicySemaphore.Silo.Tests.Hosting;

/// <summary>When a process that is quiet again gives its memory back.</summary>
public sealed class AllocationBurstTests
{
    private const long Large = 2 * AllocationBurst.WorthIt;

    private readonly AllocationBurst _burst = new();
    private long _allocated;
    private TimeSpan _now;

    [Fact]
    public void Quiet_WithoutABurst_CollectsNever() => Assert.Equal(0, CollectionsIn(TimeSpan.FromMinutes(3), bytesPerPeriod: 1_000));

    [Fact]
    public void SteadyLoad_IsLeftToTheRuntime() =>
        Assert.Equal(0, CollectionsIn(TimeSpan.FromHours(1), bytesPerPeriod: 14 * AllocationBurst.QuietRate));

    [Fact]
    public void Burst_ThatGoesOn_IsLeftToTheRuntime() => Assert.Equal(0, CollectionsIn(TimeSpan.FromHours(1), Large));

    [Fact]
    public void Burst_ThatIsOver_CollectsAtOnceAndWhenTheGrainsSleep()
    {
        Assert.False(Step(Large));

        Assert.True(Step(0));
        Assert.Equal(0, CollectionsIn(AllocationBurst.TimeToSleep - TimeSpan.FromSeconds(30), 1_000));
        Assert.Equal(1, CollectionsIn(TimeSpan.FromHours(1), 1_000));
    }

    [Fact]
    public void Burst_BeforeTheGrainsSleep_PutsTheSecondCollectionOff()
    {
        Step(Large);
        Step(0);
        Assert.Equal(0, CollectionsIn(AllocationBurst.TimeToSleep / 2, 0));

        Step(Large);
        Assert.True(Step(0));

        Assert.Equal(0, CollectionsIn(AllocationBurst.TimeToSleep - TimeSpan.FromSeconds(30), 0));
        Assert.Equal(1, CollectionsIn(TimeSpan.FromHours(1), 0));
    }

    [Fact]
    public void Burst_TooSmallToMatter_CollectsNothing()
    {
        Step(AllocationBurst.WorthIt / 2);

        Assert.Equal(0, CollectionsIn(TimeSpan.FromHours(1), 0));
    }

    private int CollectionsIn(TimeSpan time, long bytesPerPeriod)
    {
        var count = 0;
        for (var end = _now + time; _now < end;)
            count += Step(bytesPerPeriod) ? 1 : 0;
        return count;
    }

    private bool Step(long bytes)
    {
        _now += TimeSpan.FromSeconds(15);
        _allocated += bytes;
        return _burst.IsOver(_allocated, _now);
    }
}
