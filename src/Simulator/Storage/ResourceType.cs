namespace KubePolicySemaphore.Simulator;

/// <summary>A kind of object, whichever groups and versions serve it.</summary>
internal sealed record ResourceType(string Plural, string Singular, string Kind, bool Namespaced)
{
    public static ResourceType Pods { get; } = new("pods", "pod", "Pod", Namespaced: true);

    public static ResourceType GlobalNetworkSets { get; } =
        new("globalnetworksets", "globalnetworkset", "GlobalNetworkSet", Namespaced: false);

    /// <summary>
    /// Pods may be replaced without a resourceVersion, have no generation and no field managers here, and are deleted
    /// gracefully; custom resources are the other way round.
    /// </summary>
    public bool IsPods => ReferenceEquals(this, Pods);
}
