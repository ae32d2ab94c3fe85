using System.Collections.Immutable;

namespace KubePolicySemaphore.Interfaces.Status;

/// <summary>Why a pod or an address is in a set of one cluster, or in none: an item of <c>/api/v1/explain</c>.</summary>
[GenerateSerializer, Immutable, Alias("kps.Explanation")]
public sealed record Explanation
{
    [Id(0)] public required string Cluster { get; init; }

    [Id(1)] public required string Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    [Id(2)] public required string Pod { get; init; }

    /// <summary>The set that holds it, null when none does.</summary>
    [Id(3)] public string? Set { get; init; }

    /// <summary>The set's objects in Calico.</summary>
    [Id(4)] public ImmutableArray<string> Objects { get; init; } = [];

    /// <summary>The pod's addresses.</summary>
    [Id(5)] public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>Since when the pod is known in this state.</summary>
    [Id(6)] public DateTimeOffset? Since { get; init; }

    /// <summary>False while the set waits to be written.</summary>
    [Id(7)] public bool InSync { get; init; }

    /// <summary>Why it is in no set, or why an address of it was refused; null when nothing is wrong.</summary>
    [Id(8)] public string? Reason { get; init; }
}
