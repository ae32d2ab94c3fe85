namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The containers in an object's JSON that are looked into; all others are skipped.</summary>
internal enum PodPlace : byte
{
    Object,
    Metadata,
    Annotations,
    Labels,
    Spec,
    Status,
    PodIPs,
    PodIP,
}
