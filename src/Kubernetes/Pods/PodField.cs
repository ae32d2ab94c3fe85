namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The fields of an object that are looked at.</summary>
internal enum PodField : byte
{
    None,
    Metadata,
    Spec,
    Status,
    Code,
    Message,
    Name,
    Namespace,
    Uid,
    ResourceVersion,
    DeletionTimestamp,
    Annotations,
    Labels,
    SetName,
    InitialEventsEnd,
    HostNetwork,
    Phase,
    PodIPs,
    PodIP,
    ListedIP,
}
