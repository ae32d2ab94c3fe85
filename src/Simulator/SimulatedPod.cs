namespace KubePolicySemaphore.Simulator;

/// <summary>The part of a pod that matters to network policy; the rest is filled in plausibly.</summary>
/// <param name="Namespace">Needs not exist: namespaces are not simulated.</param>
/// <param name="Name">Unique in its namespace.</param>
public sealed record SimulatedPod(string Namespace, string Name)
{
    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Written as they are, right or wrong, to <c>status.podIPs</c>; the first also to <c>status.podIP</c>.</summary>
    public IReadOnlyList<string> PodIPs { get; init; } = [];

    /// <summary>Pending, Running, Succeeded, Failed or Unknown.</summary>
    /// <value>Running.</value>
    public string Phase { get; init; } = "Running";

    /// <summary>Whether the pod uses its node's network.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Node the pod runs on.</summary>
    public string NodeName { get; init; } = "node-1";

    /// <summary>Set while the pod is terminating.</summary>
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Null: keep the one of the pod that is there, or make a new one.</summary>
    public string? Uid { get; init; }
}
