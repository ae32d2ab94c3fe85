using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Holds back a list that would take away more than half of a cluster's addresses: it may come from the wrong cluster
/// behind the URL, or from rights that were narrowed. Pure; times are timestamps of a <see cref="TimeProvider"/>.
/// </summary>
internal sealed class MassRemovalGuard(TimeProvider time)
{
    /// <summary>Fewer than this are never a mass.</summary>
    public const int MinRemoved = 20;

    private static readonly TimeSpan ListAgainAfter = TimeSpan.FromSeconds(30);

    private long? _heldSince;

    /// <summary>True while a list is held back.</summary>
    public bool IsHolding => _heldSince is not null;

    /// <summary>Decides on a complete list.</summary>
    /// <param name="before">Addresses that stand now.</param>
    /// <param name="removed">How many of them the list would take away.</param>
    /// <param name="hold">How long such a list is held; zero: not at all.</param>
    public RelistDecision Decide(int before, int removed, TimeSpan hold)
    {
        if (removed < MinRemoved || removed * 2L <= before || hold <= TimeSpan.Zero)
        {
            _heldSince = null;
            return RelistDecision.Applied;
        }

        _heldSince ??= time.GetTimestamp();
        var left = hold - time.GetElapsedTime(_heldSince.Value);
        if (left > TimeSpan.Zero)
            return new(left < ListAgainAfter ? left : ListAgainAfter);
        _heldSince = null;
        return RelistDecision.Applied;
    }

    /// <summary>Forgets what is held, as after a change of the entry.</summary>
    public void Reset() => _heldSince = null;
}
