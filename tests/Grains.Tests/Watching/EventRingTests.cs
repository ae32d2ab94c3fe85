using KubePolicySemaphore.Grains.Watching;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Grains.Tests.Watching;

public sealed class EventRingTests
{
    [Fact]
    public void After_ASequence_GivesWhatCameLaterOfTheLastOnes()
    {
        var ring = new EventRing("blue", new FakeTimeProvider());
        for (var i = 1; i <= 300; i++)
            ring.Add("State", $"{i}");
        Assert.Equal(["299", "300"], ring.After(298).Select(e => e.Text));
        Assert.Empty(ring.After(300));
        var all = ring.After(0);
        Assert.Equal((256, 45, 300), (all.Length, (int)all[0].Sequence, (int)all[^1].Sequence));
    }
}
