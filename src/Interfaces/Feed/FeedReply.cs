using System.Collections.Immutable;

namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>A set grain's answer, given when its writes have ended.</summary>
[GenerateSerializer, Immutable, Alias("kps.FeedReply")]
public sealed class FeedReply
{
    /// <summary>How it ended.</summary>
    [Id(0)] public required FeedOutcome Outcome { get; init; }

    /// <summary>Objects as the API server's answers, or a read after a conflict, showed them.</summary>
    [Id(1)] public ImmutableArray<NetworkSetObject> Seen { get; init; } = [];

    /// <summary>Name and uid of the objects that were deleted, or found to be gone.</summary>
    [Id(2)] public ImmutableArray<GoneObject> Gone { get; init; } = [];

    /// <summary>One line for people; null when nothing is wrong.</summary>
    [Id(3)] public string? Error { get; init; }

    /// <summary>How long to wait before the next try; null when the caller decides.</summary>
    [Id(4)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>How many writes changed something.</summary>
    [Id(5)] public int Writes { get; init; }
}
