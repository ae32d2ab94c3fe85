namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>How a feed call to a set's grain ended.</summary>
public enum FeedOutcome
{
    /// <summary>The set's objects are what was asked for.</summary>
    InSync,

    /// <summary>The grain holds no state, or that of another epoch or version: send a snapshot.</summary>
    NeedSnapshot,

    /// <summary>An object was changed by somebody else meanwhile: look at it, then send a snapshot.</summary>
    Conflict,

    /// <summary>An object of that name belongs to another set of ours.</summary>
    NameConflict,

    /// <summary>An object of that name belongs to somebody else.</summary>
    ForeignObject,

    /// <summary>The API server refused, was busy, or did not answer; see the reply's error and delay.</summary>
    Failed,

    /// <summary>Nothing was written because the configuration says so.</summary>
    DryRun,

    /// <summary>The grain's silo leaves: nothing was written, and the grain goes to another one. Send a snapshot, which finds it there.</summary>
    Moving,
}
