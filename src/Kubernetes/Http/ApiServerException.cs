using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>
/// A request to an API server failed: no connection, no usable credentials, or an answer that is no success. The
/// message is one line and holds no secret.
/// </summary>
public sealed class ApiServerException : Exception
{
    /// <param name="reason">The class of failure.</param>
    /// <param name="message">One line without secrets; remote text in it is escaped and cut.</param>
    /// <param name="retryAfter">How long the server asks to wait.</param>
    /// <param name="status">The HTTP status, when there was an answer.</param>
    /// <param name="innerException">Where it came from, when that says more.</param>
    public ApiServerException(
        ClusterFailureReason reason, string message, TimeSpan? retryAfter = null, int? status = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Reason = reason;
        RetryAfter = retryAfter;
        Status = status;
    }

    /// <summary>The class of failure.</summary>
    public ClusterFailureReason Reason { get; }

    /// <summary>How long the server asks to wait (<c>Retry-After</c>), or null.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The HTTP status, or null when there was no answer.</summary>
    public int? Status { get; }

    /// <summary><c>reason</c> of the Kubernetes Status in the answer, as <c>AlreadyExists</c> or <c>Expired</c>; or null.</summary>
    public string? StatusReason { get; init; }

    /// <summary><c>details.name</c> of the Status: the object it speaks of; or null.</summary>
    public string? ObjectName { get; init; }

    /// <summary><c>details.causes[].field</c> of the Status: the fields that were refused, raw.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}
