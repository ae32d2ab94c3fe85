namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>A wall clock that somebody sets; time goes on as ever.</summary>
public sealed class SetClock : TimeProvider
{
    private long _offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Sets it forward, or back.</summary>
    public void Step(TimeSpan by) => Interlocked.Add(ref _offset, by.Ticks);
}
