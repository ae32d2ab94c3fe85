using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Fencing;

/// <summary>
/// Knows whether this process has run without a gap. After one (stopped, frozen, starved of processor) the others may have
/// declared the silo dead and taken its sets over, and what it meant to write before may be wrong by now: nothing is
/// written until the membership has been read anew and still counts it as active. Thread-safe.
/// </summary>
/// <remarks>
/// A resourceVersion fences an update, but a create has no precondition. Gaps are measured on the monotonic clock, which
/// goes on while a process is stopped.
/// </remarks>
public sealed partial class SiloPulse : IHostedService, IDisposable
{
    /// <summary>What is told of a write that was not sent.</summary>
    public const string NotMember = "this silo stood still and is no active member of the grid any more";

    /// <summary>
    /// The longest time without a beat that needs no proof. Connections of a process that stands still stay open, so the others
    /// have missed three probes, three seconds, before they declare it dead.
    /// </summary>
    public static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly IMembershipCheck _membership;
    private readonly TimeProvider _time;
    private readonly ILogger<SiloPulse> _logger;
    private readonly SemaphoreSlim _proving = new(1, 1);
    private readonly ITimer _timer;
    private long _lastBeat;
    private int _gaps;
    private int _proved;

    /// <param name="membership">Asked after a gap.</param>
    /// <param name="time">Its timestamps measure the gaps.</param>
    /// <param name="logger">Hears of gaps.</param>
    public SiloPulse(IMembershipCheck membership, TimeProvider time, ILogger<SiloPulse> logger)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_membership, _time, _logger) = (membership, time, logger);
        _lastBeat = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((SiloPulse)state!).Beat(), this, Period, Period);
    }

    /// <summary>True when something may be written now; after a gap the membership is asked first.</summary>
    /// <param name="cancellationToken">Stops the question.</param>
    public ValueTask<bool> IsFreshAsync(CancellationToken cancellationToken)
    {
        // Whoever comes first after the gap, the timer or a write, must see it.
        Beat();
        return IsProved ? new(true) : ProveAsync(cancellationToken);
    }

    private bool IsProved => Volatile.Read(ref _proved) == Volatile.Read(ref _gaps);

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        _proving.Dispose();
    }

    private void Beat()
    {
        var now = _time.GetTimestamp();
        var gap = _time.GetElapsedTime(Interlocked.Exchange(ref _lastBeat, now), now);
        if (gap <= MaxGap)
            return;
        Interlocked.Increment(ref _gaps);
        LogGap(gap);
    }

    private async ValueTask<bool> ProveAsync(CancellationToken cancellationToken)
    {
        await _proving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (IsProved)
                return true;
            // A gap while the question is under way asks it again; until there is an answer nobody passes.
            var gaps = Volatile.Read(ref _gaps);
            var active = await _membership.IsActiveAsync(cancellationToken).ConfigureAwait(false);
            LogProved(active);
            if (active)
                Volatile.Write(ref _proved, gaps);
            return active && IsProved;
        }
        finally
        {
            _proving.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process stood still for {Gap}; nothing is written until the membership still counts this silo as active")]
    private partial void LogGap(TimeSpan gap);

    [LoggerMessage(Level = LogLevel.Information, Message = "After standing still this silo is an active member: {Active}")]
    private partial void LogProved(bool active);
}
