using System.Collections.Immutable;

namespace KubePolicySemaphore.Interfaces.Status;

/// <summary>A set as <c>/api/v1/sets</c> shows it.</summary>
[GenerateSerializer, Immutable, Alias("kps.NetworkSetStatus")]
public sealed record NetworkSetStatus
{
    [Id(0)] public required string Cluster { get; init; }

    [Id(1)] public required string Namespace { get; init; }

    [Id(2)] public required string Name { get; init; }

    /// <summary>Names of its objects in Calico.</summary>
    [Id(3)] public ImmutableArray<string> Objects { get; init; } = [];

    /// <summary>The nets that are wanted, in the order of their text.</summary>
    [Id(4)] public ImmutableArray<string> Nets { get; init; } = [];

    /// <summary>Member pods.</summary>
    [Id(5)] public int Pods { get; init; }

    [Id(6)] public bool InSync { get; init; }

    [Id(7)] public DateTimeOffset? LastWrite { get; init; }

    [Id(8)] public string? Error { get; init; }
}
