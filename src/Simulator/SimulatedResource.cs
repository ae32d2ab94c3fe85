namespace KubePolicySemaphore.Simulator;

/// <summary>A custom resource without a schema, served beside pods and GlobalNetworkSets.</summary>
/// <param name="Group">API group, such as <c>example.org</c>.</param>
/// <param name="Version">API version, such as <c>v1</c>.</param>
/// <param name="Plural">Name in paths.</param>
/// <param name="Kind">Name in objects.</param>
/// <param name="Namespaced">Whether its objects have a namespace.</param>
public sealed record SimulatedResource(string Group, string Version, string Plural, string Kind, bool Namespaced);
