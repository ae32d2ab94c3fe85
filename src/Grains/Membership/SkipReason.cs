namespace KubePolicySemaphore.Grains.Membership;

/// <summary>Why a selected pod is in no set: values of the metric's label <c>reason</c>.</summary>
public enum SkipReason
{
    /// <summary>It is a member.</summary>
    None,

    /// <summary>It names no set, or an empty one.</summary>
    NoSetName,

    /// <summary>It names a set that cannot be.</summary>
    InvalidSetName,

    /// <summary>Its address is its node's, and the cluster does not include those.</summary>
    HostNetwork,

    /// <summary>It has no address (yet), or none that is accepted.</summary>
    NoAddress,

    /// <summary>It has run to its end: its address may be another pod's by now.</summary>
    Finished,
}
