namespace KubePolicySemaphore.Interfaces.Status;

/// <summary>Something that happened, as <c>/api/v1/events</c> shows it.</summary>
[GenerateSerializer, Immutable, Alias("kps.ClusterEvent")]
public sealed record ClusterEvent
{
    /// <summary>Grows by one per event of a watcher's activation.</summary>
    [Id(0)] public required long Sequence { get; init; }

    [Id(1)] public required DateTimeOffset Time { get; init; }

    /// <summary>One word: <c>SetWritten</c>, <c>SetRemoved</c>, <c>DriftRepaired</c>, <c>State</c>, <c>Refused</c>, <c>Failed</c>.</summary>
    [Id(2)] public required string Kind { get; init; }

    [Id(3)] public required string Cluster { get; init; }

    [Id(4)] public string? Namespace { get; init; }

    [Id(5)] public string? Set { get; init; }

    /// <summary>One line for people.</summary>
    [Id(6)] public required string Text { get; init; }

    /// <summary>Milliseconds from the pod's event to the acknowledged write; null where that makes no sense.</summary>
    [Id(7)] public double? Milliseconds { get; init; }
}
