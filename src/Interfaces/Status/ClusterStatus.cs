using System.Collections.Immutable;

namespace KubePolicySemaphore.Interfaces.Status;

/// <summary>A remote cluster as <c>/api/v1/clusters</c> shows it.</summary>
[GenerateSerializer, Immutable, Alias("kps.ClusterStatus")]
public sealed record ClusterStatus
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required ClusterState State { get; init; }

    /// <summary>Name of the silo that watches it.</summary>
    [Id(2)] public required string Silo { get; init; }

    /// <summary>Pods that are members of a set.</summary>
    [Id(3)] public int Pods { get; init; }

    [Id(4)] public int Sets { get; init; }

    /// <summary>Addresses, counted once per set.</summary>
    [Id(5)] public int Nets { get; init; }

    /// <summary>Pods that are in no set, by reason; reasons with none are left out.</summary>
    [Id(6)] public ImmutableSortedDictionary<string, int> Skipped { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>When a complete list was last applied.</summary>
    [Id(7)] public DateTimeOffset? LastSync { get; init; }

    /// <summary>When the remote was last heard of.</summary>
    [Id(8)] public DateTimeOffset? LastEvent { get; init; }

    [Id(9)] public string? LastError { get; init; }

    /// <summary>Sets whose objects are not yet what is wanted.</summary>
    [Id(10)] public int PendingWrites { get; init; }

    /// <summary>One line each for what a person must look at.</summary>
    [Id(11)] public ImmutableArray<string> Problems { get; init; } = [];
}
