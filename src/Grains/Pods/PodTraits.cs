namespace KubePolicySemaphore.Grains.Pods;

/// <summary>What of a pod, besides names and addresses, decides on its membership.</summary>
[Flags]
public enum PodTraits
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary><c>spec.hostNetwork</c>: the pod's address is its node's.</summary>
    HostNetwork = 1,

    /// <summary><c>status.phase</c> is <c>Succeeded</c> or <c>Failed</c>: it sends no more, its address may be reused.</summary>
    Finished = 2,

    /// <summary><c>metadata.deletionTimestamp</c> is set. Still a member: it still sends.</summary>
    Terminating = 4,
}
