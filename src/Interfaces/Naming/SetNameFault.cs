namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>Why a set name from a pod cannot be used.</summary>
public enum SetNameFault
{
    /// <summary>It can be used.</summary>
    None,

    /// <summary>No annotation (or label), or an empty one.</summary>
    Missing,

    /// <summary>Not a label value of at most 63 characters.</summary>
    NotALabelValue,

    /// <summary>The object's name would not be a DNS-1123 subdomain of at most 253 characters.</summary>
    NotASubdomain,

    /// <summary>It ends in <c>.shard-&lt;digits&gt;</c>, which names the further objects of a large set.</summary>
    ReservedSuffix,
}
