namespace KubePolicySemaphore.Grains.Pods;

/// <summary>What a row of a <see cref="PodBatch"/> says.</summary>
public enum PodChange
{
    /// <summary>The pod is now so: listed, added or modified.</summary>
    Upsert,

    /// <summary>The pod is gone, or no longer selected.</summary>
    Delete,

    /// <summary>The pod is listed but could not be decoded: what is known of it stays as it is.</summary>
    Unreadable,
}
