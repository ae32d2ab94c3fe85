using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Something in Calico is not what the pods say.</summary>
/// <param name="Kind"><c>missing</c>, <c>extra</c>, <c>leaving</c> or <c>inexact</c>.</param>
/// <param name="Set">The set.</param>
/// <param name="Net">The net, null when it is the object as a whole.</param>
/// <param name="Object">The object in Calico; null when there is none yet.</param>
internal sealed record Difference(string Kind, NetworkSetKey Set, string? Net, string? Object);
