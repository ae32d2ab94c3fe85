using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Result of a request to the local API server.</summary>
public sealed record StoreResult
{
    /// <summary>How it ended.</summary>
    public required StoreOutcome Outcome { get; init; }

    /// <summary>The object as the answer shows it; null unless the outcome is <see cref="StoreOutcome.Done"/>.</summary>
    public NetworkSetObject? Seen { get; init; }

    /// <summary>One line for people, without secrets; null when done.</summary>
    public string? Error { get; init; }

    /// <summary>The answer's Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
