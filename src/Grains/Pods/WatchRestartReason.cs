namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Why a watch was started again: values of the metric's label <c>reason</c>.</summary>
public enum WatchRestartReason
{
    /// <summary>The server ended it in the usual way, after its time limit.</summary>
    Closed,

    /// <summary>The connection broke, or could not be made.</summary>
    Broken,

    /// <summary>Neither event nor bookmark for two minutes.</summary>
    Silent,

    /// <summary>The resourceVersion is too old (410): a relist follows.</summary>
    Expired,

    /// <summary>The server was busy (429).</summary>
    Busy,

    /// <summary>The stream held something that could not be decoded.</summary>
    Malformed,

    /// <summary>The server sent an ERROR event, or refused the watch.</summary>
    Refused,

    /// <summary>The pod resync period ended: a relist follows.</summary>
    Resync,
}
