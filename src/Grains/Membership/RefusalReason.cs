namespace KubePolicySemaphore.Grains.Membership;

/// <summary>Why a net is not written although a pod has it: values of the metric's label <c>reason</c>.</summary>
public enum RefusalReason
{
    /// <summary>Not within the cluster's <c>allowedCidrs</c>.</summary>
    OutsideAllowedCidrs,

    /// <summary>Not an address, or none that a pod can have.</summary>
    InvalidAddress,

    /// <summary>The cluster has as many sets, nets or pods as it may.</summary>
    Quota,

    /// <summary>Another set's object has the name.</summary>
    NameConflict,

    /// <summary>Somebody else's object has the name.</summary>
    ForeignObject,
}
