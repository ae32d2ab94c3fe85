namespace KubePolicySemaphore.Grains.Watching;

/// <summary>Which other silos have lately said that a cluster is in their configuration. Not thread-safe.</summary>
internal sealed class ClusterClaims(TimeProvider time)
{
    // Some calls of a silo that lives, which calls every two seconds; a silo that died claims nothing for long.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _claimedAt = new(StringComparer.Ordinal);

    /// <summary>Names of the other silos that claim the cluster.</summary>
    public IReadOnlyCollection<string> Silos
    {
        get
        {
            foreach (var (silo, at) in _claimedAt)
            {
                if (time.GetElapsedTime(at) >= Lifetime)
                    _claimedAt.Remove(silo);
            }

            return _claimedAt.Keys;
        }
    }

    /// <summary>The silo has the cluster in its configuration now.</summary>
    public void Claim(string silo) => _claimedAt[silo] = time.GetTimestamp();
}
