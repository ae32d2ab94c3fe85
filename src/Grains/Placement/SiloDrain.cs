using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Counts the watchers on this silo, and moves them away before it stops. Thread-safe.</summary>
public sealed class SiloDrain(GridMetrics metrics, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private int _watchers;

    /// <summary>True once the silo is about to leave.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Watchers that are active here.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>From now on watchers move to other silos, where there are any.</summary>
    public void Begin() => HasBegun = true;

    /// <summary>Waits until the last watcher has left, or for so long.</summary>
    public async Task WhenEmptyAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Watchers > 0 && time.GetElapsedTime(started) < limit && !cancellationToken.IsCancellationRequested)
            await Task.Delay(Poll, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal void Enter() => metrics.Watchers.Set(Interlocked.Increment(ref _watchers));

    internal void Leave() => metrics.Watchers.Set(Interlocked.Decrement(ref _watchers));
}
