using KubePolicySemaphore.Grains.Configuration;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>All that the configuration file, and the flags that stand for a part of it, say.</summary>
internal sealed record SiloConfiguration
{
    public LocalOptions Local { get; init; } = new();

    public GridOptions Grid { get; init; } = new() { Clusters = [] };

    public AmbiguousNames AmbiguousNames { get; init; }
}
