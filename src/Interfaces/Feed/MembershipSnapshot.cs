using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>
/// All that a set's grain needs to write without reading: what is wanted, and what its watcher saw in Calico.
/// </summary>
[GenerateSerializer, Immutable, Alias("kps.MembershipSnapshot")]
public sealed record MembershipSnapshot
{
    /// <summary>The version of <see cref="Nets"/>.</summary>
    [Id(0)] public required FeedVersion Version { get; init; }

    /// <summary>Every address of the set, in no order. None: the set's objects are to go.</summary>
    [Id(1)] public required ImmutableArray<PodAddress> Nets { get; init; }

    /// <summary>Objects seen in Calico that carry the set's labels or stand where its first object belongs.</summary>
    [Id(2)] public required ImmutableArray<NetworkSetObject> Objects { get; init; }

    /// <summary>How the set is to be written.</summary>
    [Id(3)] public required WriteRules Rules { get; init; }
}
