namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>What a line of a watch tells.</summary>
internal enum WatchEventType
{
    /// <summary>Nothing that is understood.</summary>
    Unknown,

    /// <summary>An object was added or changed.</summary>
    Upsert,

    /// <summary>An object is gone, or is not selected any more.</summary>
    Delete,

    /// <summary>How far the server has come.</summary>
    Bookmark,

    /// <summary>The watch cannot go on.</summary>
    Error,
}
