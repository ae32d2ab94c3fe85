using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>Tells of each kind of trouble once, and of its end: Orleans tries again many times a minute.</summary>
internal sealed partial class FaultLog(ILogger<KubernetesMembershipTable> logger)
{
    private readonly ConcurrentDictionary<string, string> _failing = new();
    private readonly ConcurrentDictionary<string, byte> _unreadable = new();

    /// <param name="operation">What failed, as <c>ReadAll</c>.</param>
    /// <param name="exception">Why.</param>
    public void Failed(string operation, Exception exception)
    {
        if (!_failing.TryGetValue(operation, out var told) || told != exception.Message)
            LogFailed(exception, operation);
        _failing[operation] = exception.Message;
    }

    public void Succeeded(string operation)
    {
        if (!_failing.IsEmpty && _failing.TryRemove(operation, out _))
            LogRecovered(operation);
    }

    public void Unreadable(ClusterTable table)
    {
        foreach (var (key, reason) in table.Faults)
        {
            if (_unreadable.TryAdd($"{table.Uid}/{key}/{reason}", 0))
                LogUnreadable(Shorten(key), reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership object has lost what this silo knows (version {Found} was found, {Known} is known); writing it anew as version {Version}")]
    public partial void LogRepairing(int found, int known, int version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation} failed on the membership object; tried again until it succeeds")]
    private partial void LogFailed(Exception exception, string operation);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Operation} succeeds on the membership object again")]
    private partial void LogRecovered(string operation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entry '{Key}' of the membership object is ignored: {Reason}; the next change removes it")]
    private partial void LogUnreadable(string key, string reason);

    private static string Shorten(string key) =>
        string.Concat(key.Take(100).Select(character => char.IsControl(character) ? ' ' : character));
}
