using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>What one object of a set is to be.</summary>
public sealed record NetworkSetWrite
{
    /// <summary>The set.</summary>
    public required NetworkSetKey Key { get; init; }

    /// <summary>Number of the object within its set, from 0.</summary>
    public required int Shard { get; init; }

    /// <summary>How it is labelled.</summary>
    public required NamingConvention Convention { get; init; }

    /// <summary>Our mark: value of <see cref="NamingConvention.OwnerAnnotation"/>.</summary>
    public required string ServiceId { get; init; }

    /// <summary>The addresses, in any order.</summary>
    public required ImmutableArray<PodAddress> Nets { get; init; }

    /// <summary>Value of <see cref="Interfaces.Feed.RemovalMarks.OnRemovalAnnotation"/>; null: the annotation goes.</summary>
    public string? OnRemoval { get; init; }

    /// <summary>Value of <see cref="Interfaces.Feed.RemovalMarks.RemovalStartedAnnotation"/>; null: the annotation goes.</summary>
    public string? RemovalStarted { get; init; }

    /// <summary><c>metadata.name</c>.</summary>
    public string ObjectName => NamingConvention.ObjectName(Key, Shard);
}
