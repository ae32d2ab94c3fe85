namespace KubePolicySemaphore.Bench.Grid;

/// <summary>What a silo tells of a cluster.</summary>
/// <param name="Silo">Which watches it; empty when nobody does.</param>
internal sealed record WatchedCluster(string Name, string Silo, string State, int PendingWrites)
{
    public bool IsInSync => State == "Synced" && PendingWrites == 0;
}
