using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>
/// How far this machine's clock is from the local API server's. Nothing that is urgent is measured by it, but what silos and
/// operators compare is: heartbeats in the membership, the start of a grace period, the times of logs. Thread-safe.
/// </summary>
internal sealed partial class ClockSkew(TimeProvider time, ILogger<ClockSkew> logger)
{
    // A server tells its time in whole seconds, and an answer may have been under way for some.
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private TimeSpan _current;
    private TimeSpan _told;

    /// <summary>Seconds that this machine's clock is ahead; negative: behind.</summary>
    public double Seconds
    {
        get
        {
            lock (_lock)
                return _current.TotalSeconds;
        }
    }

    /// <summary>Takes in the time that an answer carries, which has just come.</summary>
    public void Compare(DateTimeOffset server)
    {
        lock (_lock)
        {
            _current = time.GetUtcNow() - server;
            if ((_current - _told).Duration() <= Tolerated)
                return;
            _told = _current;
            if (_current.Duration() > Tolerated)
                LogOff(_current);
            else
                LogRight();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "This machine's clock is {Skew} ahead of the local API server's; grace periods and the times in logs are off by as much")]
    private partial void LogOff(TimeSpan skew);

    [LoggerMessage(Level = LogLevel.Information, Message = "This machine's clock agrees with the local API server's again")]
    private partial void LogRight();
}
