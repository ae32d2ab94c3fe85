namespace KubePolicySemaphore.Simulator;

/// <summary>A GlobalNetworkSet as it is stored.</summary>
/// <param name="Name">Object name.</param>
/// <param name="Nets"><c>spec.nets</c> in stored order.</param>
public sealed record SimulatedNetworkSet(string Name, IReadOnlyList<string> Nets)
{
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Set by the server.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Set by the server.</summary>
    public long ResourceVersion { get; init; }
}
