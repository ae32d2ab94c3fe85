namespace KubePolicySemaphore.Bench.Grid;

/// <summary>An event of an independent watch of Calico.</summary>
/// <param name="ObjectName">Which object was written.</param>
/// <param name="At">Timestamp.</param>
internal sealed record SetWrite(string ObjectName, long At);
