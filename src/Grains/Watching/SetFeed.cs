using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>What a watcher knows of the way from one of its sets to the set's grain.</summary>
internal sealed class SetFeed
{
    /// <summary>The set's grain; to look it up costs more than the rest of a call's preparation.</summary>
    public IGlobalNetworkSetGrain? Grain { get; set; }

    /// <summary>Counts the versions that were sent.</summary>
    public long Counter { get; set; }

    /// <summary>The version that the grain holds and has written; null: it needs a snapshot.</summary>
    public FeedVersion? Acknowledged { get; set; }

    /// <summary>True while it waits for its turn.</summary>
    public bool IsQueued { get; set; }

    /// <summary>True while a call is under way.</summary>
    public bool IsInFlight { get; set; }

    /// <summary>True when Calico changed while a call was under way: compare when it has ended.</summary>
    public bool CompareAfterwards { get; set; }

    /// <summary>True when the next write undoes what somebody else did.</summary>
    public bool IsRepair { get; set; }

    /// <summary>Timestamp at which its last repair was due; null when there was none.</summary>
    public long? RepairedAt { get; set; }

    /// <summary>When the oldest change was read that is not written; null when there is none.</summary>
    public long? PendingSince { get; set; }

    /// <summary>True when no grain took the last call: it could not be reached, broke, or was about to move.</summary>
    public bool IsUnanswered { get; set; }

    /// <summary>Tries in a row that did not end well.</summary>
    public int Failures { get; set; }

    /// <summary>Timestamp before which it is not tried again.</summary>
    public long RetryAt { get; set; }

    /// <summary>How the last call ended; null before the first.</summary>
    public FeedOutcome? Outcome { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset? LastWrite { get; set; }
}
