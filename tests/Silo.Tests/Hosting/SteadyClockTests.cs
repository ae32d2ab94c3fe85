using KubePolicySemaphore.Silo.Hosting;

namespace KubePolicySemaphore.Silo.Tests.Hosting;

/// <summary>The clock by which Orleans counts.</summary>
public sealed class SteadyClockTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Time_WhoseWallClockIsSet_GoesOnAsBefore()
    {
        var machine = new Machine { Wall = Noon };
        var clock = new SteadyClock(machine);

        machine.Wall = Noon.AddMinutes(-10);
        machine.Ticks += TimeSpan.TicksPerMinute;

        Assert.Equal(Noon.AddMinutes(1), clock.GetUtcNow());
        Assert.Equal(machine.Ticks, clock.GetTimestamp());
    }

    private sealed class Machine : TimeProvider
    {
        public DateTimeOffset Wall { get; set; }

        public long Ticks { get; set; } = 42;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Ticks;
    }
}
