using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>A GlobalNetworkSet as it stands in the local cluster, reduced to what decisions need.</summary>
[GenerateSerializer, Immutable, Alias("kps.NetworkSetObject")]
public sealed record NetworkSetObject
{
    /// <summary><c>metadata.name</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary><c>metadata.uid</c>.</summary>
    [Id(1)] public required string Uid { get; init; }

    /// <summary><c>metadata.resourceVersion</c>.</summary>
    [Id(2)] public required string ResourceVersion { get; init; }

    /// <summary>Value of the label <see cref="NamingConvention.ManagedByLabel"/>; null when there is none.</summary>
    [Id(3)] public string? ManagedBy { get; init; }

    /// <summary>The set that the labels name, by the convention of <see cref="ManagedBy"/>; null when one of them is missing.</summary>
    [Id(4)] public NetworkSetKey? Key { get; init; }

    /// <summary>Value of the label <see cref="NamingConvention.ShardLabel"/>; null when there is none.</summary>
    [Id(5)] public string? ShardLabel { get; init; }

    /// <summary>Value of the annotation <see cref="NamingConvention.OwnerAnnotation"/>; null when there is none.</summary>
    [Id(6)] public string? Owner { get; init; }

    /// <summary>The addresses of <c>spec.nets</c> that are written as we would write them.</summary>
    [Id(7)] public ImmutableArray<PodAddress> Nets { get; init; } = [];

    /// <summary>False when <c>spec.nets</c> holds anything besides <see cref="Nets"/>, or in another order.</summary>
    [Id(8)] public bool NetsExact { get; init; }

    /// <summary>Value of the annotation <see cref="RemovalMarks.OnRemovalAnnotation"/>; null when there is none.</summary>
    [Id(9)] public string? OnRemoval { get; init; }

    /// <summary>Value of the annotation <see cref="RemovalMarks.RemovalStartedAnnotation"/>; null when there is none.</summary>
    [Id(10)] public string? RemovalStarted { get; init; }

    /// <summary>True when the object waits for finalizers to go (<c>metadata.deletionTimestamp</c> is set).</summary>
    [Id(11)] public bool Deleting { get; init; }
}
