using KubePolicySemaphore.Interfaces.Status;
using KubePolicySemaphore.Silo.Http;

namespace KubePolicySemaphore.Silo.Tests.Http;

public sealed class SeenEventsTests
{
    private readonly SeenEvents _seen = new();

    [Fact]
    public void IsNew_SameEventTwice_IsNewOnce()
    {
        Assert.True(_seen.IsNew(Event(1, seconds: 0)));
        Assert.False(_seen.IsNew(Event(1, seconds: 0)));
        Assert.True(_seen.IsNew(Event(2, seconds: 0)));
    }

    [Fact]
    public void IsNew_WatcherThatCountsAnew_IsToldByItsTime()
    {
        Assert.True(_seen.IsNew(Event(200, seconds: 0)));
        Assert.True(_seen.IsNew(Event(1, seconds: 5)));
        Assert.False(_seen.IsNew(Event(200, seconds: 0)));
    }

    [Fact]
    public void AskAfter_EveryFewRounds_AsksForAll()
    {
        _seen.IsNew(Event(7, seconds: 0));

        Assert.Equal([0, 7, 7, 7, 7, 0], Enumerable.Range(0, 6).Select(_ => _seen.AskAfter("blue")));
    }

    private static ClusterEvent Event(long sequence, int seconds) => new()
    {
        Sequence = sequence,
        Time = DateTimeOffset.UnixEpoch.AddSeconds(seconds),
        Kind = "State",
        Cluster = "blue",
        Text = "",
    };
}
