namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>What a reading of the configuration came to: a configuration, or its faults.</summary>
internal sealed record ConfigurationResult
{
    /// <summary>Null when there are faults.</summary>
    public SiloConfiguration? Configuration { get; init; }

    /// <summary>One line each, in the order of the file.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>One line each for what works, but should be looked at.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    public static ConfigurationResult Failed(params string[] faults) => new() { Faults = faults };
}
