namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>What the configuration says of how a cluster's sets are written.</summary>
[GenerateSerializer, Immutable, Alias("kps.WriteRules")]
public sealed record WriteRules
{
    /// <summary>Name of the <see cref="Naming.NamingConvention"/>.</summary>
    [Id(0)] public required string Convention { get; init; }

    /// <summary>The mark of this grid, value of the owner annotation.</summary>
    [Id(1)] public required string ServiceId { get; init; }

    /// <summary>How many nets stand in one object at most.</summary>
    [Id(2)] public required int MaxNetsPerObject { get; init; }

    /// <summary>True when the objects are to stay after the cluster has left the configuration.</summary>
    [Id(3)] public required bool Retain { get; init; }

    /// <summary>True when nothing is to be written, only told.</summary>
    [Id(4)] public required bool DryRun { get; init; }

    /// <summary>
    /// Value of <see cref="RemovalMarks.RemovalStartedAnnotation"/> on the set's first object; null: the annotation goes.
    /// </summary>
    [Id(5)] public string? RemovalStarted { get; init; }
}
