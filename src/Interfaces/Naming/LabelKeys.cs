namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>The label keys under which an object names its set.</summary>
public sealed record LabelKeys(string Cluster, string Namespace, string Name);
