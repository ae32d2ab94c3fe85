namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>
/// Tells from what a process has allocated when a burst is over, and once more when what the burst woke has gone to sleep.
/// Pure.
/// </summary>
internal sealed class AllocationBurst
{
    /// <summary>What leaves enough garbage to be worth a collection, in bytes.</summary>
    public const long WorthIt = 64 * 1024 * 1024;

    /// <summary>A process that allocates less is quiet, in bytes per second.</summary>
    public const long QuietRate = 2 * 1024 * 1024;

    /// <summary>A set's grain sleeps two minutes after its last write, and is looked for once a minute.</summary>
    public static readonly TimeSpan TimeToSleep = TimeSpan.FromMinutes(4);

    private long _collectedAt;
    private long _last;
    private TimeSpan _lastAt;
    private TimeSpan? _asleepAt;
    private bool _isBurst;

    /// <summary>True when now is the time to collect.</summary>
    /// <param name="allocated">Bytes that the process has allocated since its start.</param>
    /// <param name="now">Monotonic.</param>
    public bool IsOver(long allocated, TimeSpan now)
    {
        var elapsed = now - _lastAt;
        var isQuiet = allocated - _last <= QuietRate * elapsed.TotalSeconds;
        (_last, _lastAt) = (allocated, now);
        _isBurst |= !isQuiet;
        if (!isQuiet)
            return false;
        // What a steady load allocates is the runtime's to collect: it must not stand still for us every minute.
        if (_isBurst && allocated - _collectedAt >= WorthIt)
            _asleepAt = now + TimeToSleep;
        else if (_asleepAt is { } asleep && now >= asleep)
            _asleepAt = null;
        else
            return false;
        (_collectedAt, _isBurst) = (allocated, false);
        return true;
    }
}
