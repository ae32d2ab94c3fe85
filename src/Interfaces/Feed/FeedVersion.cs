namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>
/// Version of a set's membership as its watcher counts it. Versions of two activations of a watcher are never
/// comparable, which the epoch tells.
/// </summary>
[GenerateSerializer, Immutable, Alias("kps.FeedVersion")]
public readonly record struct FeedVersion([property: Id(0)] Guid Epoch, [property: Id(1)] long Counter);
