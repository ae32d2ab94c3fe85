using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Sends the changes of a cluster's sets to their grains: one call in flight per set, later changes merge behind it, a
/// bounded number of sets at once. Runs on the watcher's scheduler; not thread-safe.
/// </summary>
internal sealed partial class SetFeeder(
    WatcherServices services,
    Func<MemberSet, FeedVersion, MembershipSnapshot> takeSnapshot,
    Action<MemberSet, FeedReply, TimeSpan?> settled)
{
    /// <summary>Calls under way: enough to keep the silo's write gate full, few enough to be fair to other clusters.</summary>
    private const int MaxInFlight = 64;

    /// <summary>Lost races that are tried again at once before they are backed off.</summary>
    private const int MaxImmediateRetries = 3;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A grain that cannot be called was on a silo that left, which takes moments, or died, which takes seconds; no server is
    /// asked.
    /// </summary>
    private static readonly TimeSpan FirstCallBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxCallBackoff = TimeSpan.FromSeconds(5);

    /// <summary>A name that is taken is tried again within a minute; half a minute leaves room for one miss.</summary>
    private static readonly TimeSpan RefusedBackoff = TimeSpan.FromSeconds(20);

    /// <summary>Who undoes a repair at once will do so again: two silos that do not see each other, until one knows that it is dead.</summary>
    private static readonly TimeSpan PauseBetweenRepairs = TimeSpan.FromSeconds(5);

    private readonly Guid _epoch = Guid.NewGuid();
    private readonly Queue<MemberSet> _ready = new();
    private readonly PriorityQueue<MemberSet, long> _later = new();
    private readonly HashSet<MemberSet> _unsettled = [];
    private readonly HashSet<Task> _calls = [];
    private long _wakeAt = long.MaxValue;
    private bool _stopped;
    private bool _abandoned;

    /// <summary>Sets whose objects are not known to be what is wanted.</summary>
    public IReadOnlyCollection<MemberSet> Unsettled => _unsettled;

    /// <summary>
    /// The set changed: it gets its turn, or, after a failure, when its delay is over.
    /// </summary>
    /// <param name="set">The set.</param>
    /// <param name="receivedAt">When the change was read, for the propagation time; null when nothing was read.</param>
    public void Enqueue(MemberSet set, long? receivedAt)
    {
        var feed = set.Feed ??= new SetFeed();
        feed.PendingSince ??= receivedAt;
        _unsettled.Add(set);
        if (feed.IsQueued || feed.IsInFlight)
            return;
        feed.IsQueued = true;
        if (feed.RetryAt > services.Time.GetTimestamp())
            Postpone(set, feed.RetryAt);
        else
            _ready.Enqueue(set);
    }

    /// <summary>What the grain holds does not matter any more: it gets a snapshot at once, whatever went wrong before.</summary>
    public void EnqueueSnapshot(MemberSet set) => EnqueueSnapshot(set, notBefore: 0);

    /// <summary>Somebody else changed its objects: it gets a snapshot at once, or when the pause after the last repair is over.</summary>
    public void EnqueueRepair(MemberSet set)
    {
        var feed = set.Feed ??= new SetFeed();
        var now = services.Time.GetTimestamp();
        var due = feed.RepairedAt is { } last ? Math.Max(last + Ticks(PauseBetweenRepairs), now) : now;
        feed.IsRepair = true;
        feed.RepairedAt = due;
        EnqueueSnapshot(set, due);
    }

    private void EnqueueSnapshot(MemberSet set, long notBefore)
    {
        var feed = set.Feed ??= new SetFeed();
        feed.Acknowledged = null;
        feed.CompareAfterwards = feed.IsInFlight;
        if (feed.IsQueued && feed.RetryAt > services.Time.GetTimestamp())
        {
            _later.Remove(set, out _, out _);
            feed.IsQueued = false;
        }

        feed.RetryAt = notBefore;
        Enqueue(set, receivedAt: null);
    }

    /// <summary>Starts calls for the sets whose turn it is.</summary>
    public void Pump()
    {
        var now = services.Time.GetTimestamp();
        while (_later.TryPeek(out var set, out var due) && due <= now)
            _ready.Enqueue(_later.Dequeue());
        while (_calls.Count < MaxInFlight && !_stopped && _ready.TryDequeue(out var set))
        {
            set.Feed!.IsQueued = false;
            var call = SendAsync(set, set.Feed);
            if (!call.IsCompleted)
                _calls.Add(call);
        }
    }

    private void Postpone(MemberSet set, long due)
    {
        _later.Enqueue(set, due);
        if (due < _wakeAt)
            _ = WakeAsync(due);
    }

    // Nobody waits for it, and after the stop it wakes nobody.
    private async Task WakeAsync(long due)
    {
        _wakeAt = due;
        var left = services.Time.GetElapsedTime(services.Time.GetTimestamp(), due);
        // Never early by a fraction: it would come round again at once.
        await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.Zero, services.Time);
        // One that was due earlier has come in between, and has seen to this one as well.
        if (_wakeAt != due)
            return;
        _wakeAt = long.MaxValue;
        Pump();
        if (!_stopped && _later.TryPeek(out _, out var next) && next < _wakeAt)
            _ = WakeAsync(next);
    }

    /// <summary>Sends nothing more and waits for the calls under way.</summary>
    public async Task StopAsync()
    {
        _stopped = true;
        await Task.WhenAll(_calls.ToArray());
    }

    /// <summary>As <see cref="StopAsync"/>, and a call under way is not followed by the snapshot that its grain may ask for.</summary>
    public Task AbandonAsync()
    {
        _abandoned = true;
        return StopAsync();
    }

    private async Task SendAsync(MemberSet set, SetFeed feed)
    {
        feed.IsInFlight = true;
        var pendingSince = feed.PendingSince;
        feed.PendingSince = null;
        var reply = await CallAsync(set, feed);
        feed.IsInFlight = false;
        Take(set, feed, reply);
        var took = pendingSince is { } since && reply.Outcome == FeedOutcome.InSync
            ? services.Time.GetElapsedTime(since)
            : (TimeSpan?)null;
        if (reply.Outcome != FeedOutcome.InSync)
            feed.PendingSince = pendingSince ?? feed.PendingSince;
        settled(set, reply, took);
        _calls.RemoveWhere(call => call.IsCompleted);
        Pump();
    }

    private async Task<FeedReply> CallAsync(MemberSet set, SetFeed feed)
    {
        var version = new FeedVersion(_epoch, ++feed.Counter);
        try
        {
            // A set's grain on another silo has run without a gap and would believe what this one thinks it knows.
            if (!await services.Pulse.IsFreshAsync(CancellationToken.None))
                return NotFresh(feed);
            var grain = feed.Grain ??= services.Grains.GetGrain<IGlobalNetworkSetGrain>(set.Key.ToString());
            var reply = new FeedReply { Outcome = FeedOutcome.NeedSnapshot };
            if (feed.Acknowledged is { } acknowledged && !_abandoned)
            {
                var (added, removed) = set.TakeChanges();
                reply = await grain.ApplyAsync(
                    new() { Base = acknowledged, Version = version, Added = added, Removed = removed }, CancellationToken.None);
            }

            if (reply.Outcome == FeedOutcome.NeedSnapshot && !_abandoned)
            {
                // All changes until now are in it.
                set.TakeChanges();
                reply = await grain.ReconcileAsync(takeSnapshot(set, version), CancellationToken.None);
            }

            feed.Acknowledged = reply.Outcome == FeedOutcome.InSync ? version : null;
            feed.IsUnanswered = reply.Outcome == FeedOutcome.Moving;
            return reply;
        }
        catch (Exception exception)
        {
            // Whatever went wrong between two grains, it is unknown what was written: the next try carries a snapshot.
            feed.Acknowledged = null;
            feed.IsUnanswered = true;
            LogCallFailed(services.Logger, exception, set.Key.Cluster, set.Key.Namespace, set.Key.Name);
            return new() { Outcome = FeedOutcome.Failed, Error = exception.Message };
        }
    }

    private static FeedReply NotFresh(SetFeed feed)
    {
        feed.Acknowledged = null;
        // To find that out the membership is read from the API server.
        feed.IsUnanswered = false;
        return new() { Outcome = FeedOutcome.Failed, Error = SiloPulse.NotMember };
    }

    private void Take(MemberSet set, SetFeed feed, FeedReply reply)
    {
        feed.Outcome = reply.Outcome;
        feed.Error = reply.Error;
        if (reply.Writes > 0)
            feed.LastWrite = services.Time.GetUtcNow();
        if (reply.Outcome is FeedOutcome.InSync or FeedOutcome.DryRun)
        {
            feed.Failures = 0;
            feed.RetryAt = 0;
            _unsettled.Remove(set);
            if (set.HasChanges)
                Enqueue(set, feed.PendingSince);
            return;
        }

        feed.Failures++;
        feed.RetryAt = services.Time.GetTimestamp() + Ticks(Delay(feed, reply));
        Enqueue(set, feed.PendingSince);
    }

    private TimeSpan Delay(SetFeed feed, FeedReply reply)
    {
        if (reply.RetryAfter is { } asked)
            return asked + (services.Random.NextDouble() * FirstBackoff);
        if (reply.Outcome is FeedOutcome.NameConflict or FeedOutcome.ForeignObject)
            return RefusedBackoff * (1 + (0.5 * services.Random.NextDouble()));
        if (reply.Outcome == FeedOutcome.Conflict && feed.Failures <= MaxImmediateRetries)
            return TimeSpan.Zero;
        var (first, longest) = feed.IsUnanswered ? (FirstCallBackoff, MaxCallBackoff) : (FirstBackoff, MaxBackoff);
        var full = first * Math.Pow(2, Math.Min(feed.Failures - 1, 10));
        return (full < longest ? full : longest) * (0.5 + (0.5 * services.Random.NextDouble()));
    }

    private long Ticks(TimeSpan delay) => (long)(delay.TotalSeconds * services.Time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Call to the grain of {Cluster}/{Namespace}/{Set} failed; it is tried again with a snapshot")]
    private static partial void LogCallFailed(ILogger logger, Exception exception, string cluster, string @namespace, string set);
}
