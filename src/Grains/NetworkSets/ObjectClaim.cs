namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Whose an object in Calico is, seen from one set.</summary>
public enum ObjectClaim
{
    /// <summary>This set's: written by us, or left by an older operator and adopted.</summary>
    Ours,

    /// <summary>Another set's of this grid, or of an older operator: two keys can make one object name.</summary>
    AnotherSet,

    /// <summary>Somebody else's, another grid's included: never touched.</summary>
    Foreign,
}
