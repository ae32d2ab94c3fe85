namespace KubePolicySemaphore.Grains.Watching;

/// <summary>Which other silos have lately said that a cluster is in their configuration. Not thread-safe.</summary>
internal sealed class ClusterClaims(TimeProvider time)
{
    // Some calls of a silo that lives, which calls every two seconds; a silo that died claims nothing for long.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _claimedAt = new(StringComparer.Ordinal);

    /// <summary>True while any other silo claims the cluster.</summary>
    public bool Any
    {
        get
        {
            foreach (var (silo, at) in _claimedAt)
            {
                if (time.GetElapsedTime(at) >= Lifetime)
                    _claimedAt.Remove(silo);
            }

            return _claimedAt.Count > 0;
        }
    }

    /// <summary>The silo has the cluster in its configuration now.</summary>
    public void Claim(string silo) => _claimedAt[silo] = time.GetTimestamp();
}
