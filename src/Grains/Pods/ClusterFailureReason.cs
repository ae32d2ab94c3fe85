namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Why a request to a remote API server failed: values of the metric's label <c>reason</c>.</summary>
public enum ClusterFailureReason
{
    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Timeout,

    /// <summary>The server's certificate was not accepted.</summary>
    Tls,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>429.</summary>
    Busy,

    /// <summary>5xx.</summary>
    ServerError,

    /// <summary>An answer that is not what was asked for: another kind, not JSON, too large.</summary>
    BadAnswer,

    /// <summary>Credentials that cannot be read: a file is missing, a kubeconfig is broken, exec is not allowed.</summary>
    Credentials,

    /// <summary>A fault of this program; the log has it.</summary>
    Internal,
}
