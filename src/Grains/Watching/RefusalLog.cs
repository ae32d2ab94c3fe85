using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>Warns of refused pods and addresses, at a bounded rate: a hostile remote must not fill the disk.</summary>
internal sealed partial class RefusalLog(string cluster, EventRing events, TimeProvider time, ILogger logger)
{
    private const int MaxPerInterval = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _intervalStart = time.GetTimestamp();
    private int _told;
    private int _untold;

    public void Tell(PodIndex index)
    {
        if (time.GetElapsedTime(_intervalStart) >= Interval)
        {
            if (_untold > 0)
                LogMore(logger, _untold, cluster);
            _intervalStart = time.GetTimestamp();
            _told = _untold = 0;
        }

        _untold += index.UntoldRefusals;
        foreach (var refusal in index.TakeRefusals())
        {
            if (_told++ < MaxPerInterval)
                Tell(refusal);
            else
                _untold++;
        }
    }

    private void Tell(Refusal refusal)
    {
        var (pod, value) = (RemoteText.Escape(refusal.Pod), RemoteText.Escape(refusal.Value));
        LogRefused(logger, cluster, RemoteText.Escape(refusal.Namespace), pod, refusal.Reason, refusal.Field, value);
        events.Add("Refused", $"pod {pod}: {refusal.Field} \"{value}\": {refusal.Reason}", RemoteText.Escape(refusal.Namespace));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pod {Cluster}/{Namespace}/{Pod} refused as {Reason}: {Field} is \"{Value}\"")]
    private static partial void LogRefused(
        ILogger logger, string cluster, string @namespace, string pod, string reason, string field, string value);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} more pods or addresses of {Cluster} were refused; see /api/v1/explain")]
    private static partial void LogMore(ILogger logger, int count, string cluster);
}
