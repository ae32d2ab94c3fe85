using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>What came into and went out of a set since <see cref="Base"/>.</summary>
[GenerateSerializer, Immutable, Alias("kps.MembershipDelta")]
public sealed class MembershipDelta
{
    /// <summary>The version that the receiver must hold for this to make sense.</summary>
    [Id(0)] public required FeedVersion Base { get; init; }

    /// <summary>The version that it holds afterwards.</summary>
    [Id(1)] public required FeedVersion Version { get; init; }

    /// <summary>Addresses that came in; none of them is in <see cref="Removed"/>.</summary>
    [Id(2)] public required ImmutableArray<PodAddress> Added { get; init; }

    /// <summary>Addresses that went out.</summary>
    [Id(3)] public required ImmutableArray<PodAddress> Removed { get; init; }
}
