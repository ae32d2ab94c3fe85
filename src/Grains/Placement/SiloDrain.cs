using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Counts the watchers on this silo, and moves them away before it stops. Thread-safe.</summary>
public sealed class SiloDrain(GridMetrics metrics, TimeProvider time)
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasBegun;
    private int _watchers;

    /// <summary>True once the silo is about to leave.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Watchers that are active here.</summary>
    public int Watchers => Volatile.Read(ref _watchers);

    /// <summary>From now on watchers move to other silos, where there are any.</summary>
    public void Begin()
    {
        _hasBegun = true;
        TellWhenEmpty(Watchers);
    }

    /// <summary>Once it has begun: waits until the last watcher has left, or for so long.</summary>
    public async Task WhenEmptyAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        await _empty.Task.WaitAsync(limit, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    internal void Enter() => metrics.Watchers.Set(Interlocked.Increment(ref _watchers));

    internal void Leave()
    {
        var left = Interlocked.Decrement(ref _watchers);
        metrics.Watchers.Set(left);
        TellWhenEmpty(left);
    }

    private void TellWhenEmpty(int watchers)
    {
        if (_hasBegun && watchers == 0)
            _empty.TrySetResult();
    }
}
