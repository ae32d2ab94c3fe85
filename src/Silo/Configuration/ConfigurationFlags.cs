using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>What the command line says instead of, or over, the configuration file.</summary>
internal sealed record ConfigurationFlags
{
    /// <summary>Path of the file; null when there is none.</summary>
    public string? Path { get; init; }

    /// <summary>The one cluster entry that the <c>target-…</c> and <c>remote-…</c> flags make; null when none is given.</summary>
    public MappingNode? Target { get; init; }

    public string? LocalKubeconfig { get; init; }

    public TimeSpan? FullStoreResyncPeriod { get; init; }

    public TimeSpan? PodResyncPeriod { get; init; }

    public required string ServiceId { get; init; }

    public bool DryRun { get; init; }
}
