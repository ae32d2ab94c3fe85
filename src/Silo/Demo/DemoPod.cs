namespace KubePolicySemaphore.Silo.Demo;

/// <summary>A pod of the demo that is a member of a set.</summary>
internal sealed record DemoPod(string Namespace, string Name, string Set, string Ip);
