using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>What a reflector logs.</summary>
internal sealed partial class ReflectorLog(ILogger logger)
{
    private string? _lastFailure;

    /// <summary>A request failed: a warning when it is another failure than the last one, else for debugging.</summary>
    public void RequestFailed(string cluster, ApiServerException failure, TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _lastFailure, failure.Message) != failure.Message)
            LogRequestFailed(cluster, failure.Reason, failure.Message, delay);
        else
            LogRequestFailedAgain(cluster, failure.Reason, failure.Message, delay);
    }

    /// <summary>A complete list was accepted, or held back.</summary>
    public void ListCompleted(string cluster, int pages, int pods, string resourceVersion, bool applied)
    {
        _lastFailure = null;
        LogListCompleted(cluster, pods, pages, resourceVersion, applied);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Watch of {Cluster} ended ({Reason}) at {ResourceVersion}, next one in {Delay}")]
    public partial void WatchEnded(string cluster, WatchRestartReason reason, string resourceVersion, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "List of {Cluster} begins")]
    public partial void ListBegins(string cluster);

    [LoggerMessage(Level = LogLevel.Information, Message = "List of {Cluster}: {Pods} pods on {Pages} pages at {ResourceVersion}, applied: {Applied}")]
    private partial void LogListCompleted(string cluster, int pods, int pages, string resourceVersion, bool applied);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Reading {Cluster} failed ({Reason}): {Error}; what is known stays, next try in {Delay}")]
    private partial void LogRequestFailed(string cluster, ClusterFailureReason reason, string error, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Reading {Cluster} failed again ({Reason}): {Error}; next try in {Delay}")]
    private partial void LogRequestFailedAgain(string cluster, ClusterFailureReason reason, string error, TimeSpan delay);
}
