namespace KubePolicySemaphore.Interfaces.Status;

/// <summary>What a remote cluster's watcher is about, as users see it.</summary>
public enum ClusterState
{
    /// <summary>The first contact is still being made.</summary>
    Connecting,

    /// <summary>The pods are being listed, or sets wait to be written.</summary>
    Syncing,

    /// <summary>Calico is what the remote cluster says.</summary>
    Synced,

    /// <summary>The remote API server does not answer; what is known stays.</summary>
    Unreachable,

    /// <summary>The remote API server refuses our credentials or rights; what is known stays.</summary>
    Unauthorized,

    /// <summary>Writes to the local cluster fail.</summary>
    Failing,

    /// <summary>A list would take away more than half of the addresses and is held back.</summary>
    Holding,

    /// <summary>The cluster has left the configuration; its sets go after the grace period.</summary>
    Removing,
}
