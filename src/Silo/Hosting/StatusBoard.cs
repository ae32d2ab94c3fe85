using System.Collections.Concurrent;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>What this silo last heard of every cluster. Thread-safe.</summary>
internal sealed class StatusBoard(TimeProvider time)
{
    private const long Never = long.MinValue;

    private readonly ConcurrentDictionary<string, (ClusterStatus? Status, string? Error)> _clusters = new(StringComparer.Ordinal);
    private long _heartbeat = Never;

    /// <summary>Time since the supervisor started or last ended a round; null before it has started.</summary>
    public TimeSpan? SinceHeartbeat => Volatile.Read(ref _heartbeat) is var last and not Never ? time.GetElapsedTime(last) : null;

    public void Beat() => Volatile.Write(ref _heartbeat, time.GetTimestamp());

    public void Heard(ClusterStatus status) => _clusters[status.Name] = (status, null);

    /// <summary>The cluster's watcher did not answer; what it said before stays.</summary>
    public void Failed(string cluster, string error) => _clusters.AddOrUpdate(cluster, (null, error), (_, last) => (last.Status, error));

    /// <summary>Forgets every other cluster.</summary>
    public void Keep(IReadOnlySet<string> clusters)
    {
        foreach (var name in _clusters.Keys.Where(name => !clusters.Contains(name)))
            _clusters.TryRemove(name, out _);
    }

    /// <summary>True when the remote cluster was reached when last heard of.</summary>
    public bool IsUp(string cluster) =>
        _clusters.TryGetValue(cluster, out var last)
        && last is { Error: null, Status.State: not (ClusterState.Connecting or ClusterState.Unreachable or ClusterState.Unauthorized) };

    /// <summary>Every cluster that is configured or being removed, in the order of the names.</summary>
    public IReadOnlyList<ClusterStatus> Read(IEnumerable<string> configured) =>
        [.. configured.Union(_clusters.Keys).Order(StringComparer.Ordinal).Select(Read)];

    private ClusterStatus Read(string cluster)
    {
        var (known, error) = _clusters.GetValueOrDefault(cluster);
        var status = known ?? new ClusterStatus { Name = cluster, State = ClusterState.Connecting, Silo = "" };
        return error is null ? status : status with { Problems = [.. status.Problems, $"its watcher does not answer: {error}"] };
    }
}
