namespace KubePolicySemaphore.Clustering.Kubernetes.Telemetry;

/// <summary>How an operation on the membership ended.</summary>
internal enum OperationResult
{
    Success,

    /// <summary>Another silo was first; nothing was written.</summary>
    LostRace,

    Failure,
}
