using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>What is known of the way to one remote API server.</summary>
internal sealed class ClusterHealth(TimeProvider time)
{
    private const int MaxWarnings = 8;

    private readonly List<string> _warnings = [];
    private long? _heardAt;

    public DateTimeOffset? LastContact { get; private set; }

    public DateTimeOffset? LastSync { get; private set; }

    /// <summary>How long nothing was heard, whatever happened to the wall clock; null before the first contact.</summary>
    public TimeSpan? Silence => _heardAt is { } at ? time.GetElapsedTime(at) : null;

    public string? LastError { get; private set; }

    /// <summary>Why the last request failed; null since the remote was heard of again.</summary>
    public ClusterFailureReason? Failure { get; private set; }

    public bool IsListing { get; private set; }

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>What to show while nothing else matters more; null when the remote is well.</summary>
    public ClusterState? State => Failure switch
    {
        null => LastContact is null ? ClusterState.Connecting : null,
        ClusterFailureReason.Unauthorized or ClusterFailureReason.Forbidden or ClusterFailureReason.Credentials => ClusterState.Unauthorized,
        _ => ClusterState.Unreachable,
    };

    public void Take(PodSourceReport report)
    {
        switch (report)
        {
            case PodSourceReport.Contact:
                Heard();
                break;
            case PodSourceReport.ListStarted:
                IsListing = true;
                break;
            case PodSourceReport.ListCompleted:
                IsListing = false;
                Heard();
                break;
            case PodSourceReport.Failed failed:
                IsListing = false;
                Failure = failed.Reason;
                LastError = failed.Error;
                break;
            case PodSourceReport.Refused refused:
                LastError = refused.Error;
                break;
            case PodSourceReport.Warning warning:
                Warn(warning.Text);
                break;
        }
    }

    public void Synced() => LastSync = time.GetUtcNow();

    private void Heard()
    {
        LastContact = time.GetUtcNow();
        _heardAt = time.GetTimestamp();
        Failure = null;
    }

    private void Warn(string text)
    {
        if (!_warnings.Contains(text) && _warnings.Count < MaxWarnings)
            _warnings.Add(text);
    }
}
