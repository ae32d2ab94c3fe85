using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>How long to wait after a failure. Jittered: a server that comes back must not meet all its clients at once.</summary>
internal sealed class Backoff(Random random)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // A token that is rotated must be in use within seconds; the file is looked at with each try.
    private static readonly TimeSpan AfterUnauthorized = TimeSpan.FromSeconds(5);

    private int _failures;

    /// <summary>The last try was good.</summary>
    public void Reset() => _failures = 0;

    /// <summary>The pause before the next try, half to the whole of 0.5 s, 1 s, 2 s … 30 s.</summary>
    public TimeSpan Next()
    {
        var whole = First * Math.Pow(2, Math.Min(_failures++, 10));
        return Jitter(whole < Longest ? whole : Longest, 0.5, 1);
    }

    /// <summary>The pause after that failure; never less than what the server asked for.</summary>
    public TimeSpan Next(ApiServerException failure)
    {
        var pause = failure.Reason switch
        {
            ClusterFailureReason.Unauthorized => Jitter(AfterUnauthorized, 0.8, 1.2),
            // 403 too: an API server that has just started answers so until it has read its roles, so the first tries are
            // soon; rights that are really missing are asked for rarely soon enough.
            _ => Next(),
        };
        return failure.RetryAfter is { } asked && asked > pause ? Jitter(asked, 1, 1.1) : pause;
    }

    private TimeSpan Jitter(TimeSpan time, double from, double to) => time * (from + (random.NextDouble() * (to - from)));
}
