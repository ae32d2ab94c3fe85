namespace KubePolicySemaphore.Grains.Configuration;

/// <summary>What becomes of a cluster's sets when its entry leaves the configuration.</summary>
public enum OnRemoval
{
    /// <summary>They go after the grace period.</summary>
    Delete,

    /// <summary>They stay as they are.</summary>
    Retain,
}
