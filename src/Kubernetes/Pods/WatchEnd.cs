using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>How a watch ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Failure">What failed; null when it ended in the usual way.</param>
internal sealed record WatchEnd(WatchRestartReason Reason, ApiServerException? Failure)
{
    /// <summary>The usual end.</summary>
    public static WatchEnd Closed { get; } = new(WatchRestartReason.Closed, null);

    /// <summary>Reads the end from a failure of the request.</summary>
    public static WatchEnd From(ApiServerException failure) => new(
        failure.Status switch
        {
            410 => WatchRestartReason.Expired,
            429 => WatchRestartReason.Busy,
            null when failure.Reason == ClusterFailureReason.BadAnswer => WatchRestartReason.Malformed,
            null => WatchRestartReason.Broken,
            _ => WatchRestartReason.Refused,
        },
        failure);
}
