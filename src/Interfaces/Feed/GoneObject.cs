namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>An object that is no more.</summary>
[GenerateSerializer, Immutable, Alias("kps.GoneObject")]
public readonly record struct GoneObject([property: Id(0)] string Name, [property: Id(1)] string Uid);
