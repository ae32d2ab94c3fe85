using KubePolicySemaphore.Interfaces.Feed;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

internal sealed partial class ClusterWatcher
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Watching {Cluster}")]
    private static partial void LogBegins(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Information, Message = "The configuration of {Cluster} changed; its pods are listed anew")]
    private static partial void LogChanged(ILogger logger, string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Cluster} has left the configuration; its sets go after {GracePeriod}")]
    private static partial void LogLeaves(ILogger logger, string cluster, TimeSpan gracePeriod);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No contact with {Cluster} for {StaleAfter}; its sets go, as staleAfter says")]
    private static partial void LogStale(ILogger logger, string cluster, TimeSpan staleAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A list of {Cluster} would take away {Removed} of {Standing} addresses; held for {Hold} unless the next ones tell otherwise")]
    private static partial void LogHolding(ILogger logger, string cluster, int removed, int standing, TimeSpan hold);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Somebody changed the objects of {Cluster}/{Namespace}/{Set} in Calico; they are written again")]
    private static partial void LogDrift(ILogger logger, string cluster, string @namespace, string set);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Cluster}/{Namespace}/{Set} was not written ({Outcome}): {Error}")]
    private static partial void LogNotWritten(ILogger logger, string cluster, string @namespace, string set, FeedOutcome outcome, string? error);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Cluster}/{Namespace}/{Set} written: {Nets} nets, {Writes} writes")]
    private static partial void LogWritten(ILogger logger, string cluster, string @namespace, string set, int nets, int writes);
}
