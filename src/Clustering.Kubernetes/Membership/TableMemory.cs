using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>
/// Compares a table with what this silo has seen of it. In a table that only silos write to, the version never goes back,
/// a silo's status never goes back, and only dead silos vanish. Where one of these does not hold, somebody has deleted,
/// edited or restored the object, and this silo's memory is worth more than the object.
/// </summary>
/// <remarks>
/// Orleans ignores a table with a lower version, and a silo that does not find itself in one with a higher version ends
/// itself: without repair a grid whose object was deleted would dissolve as soon as the new table had caught up.
/// </remarks>
internal static class TableMemory
{
    /// <summary>Whether the table holds all that was known.</summary>
    public static bool Covers(ClusterTable read, ClusterTable known)
    {
        if (read.Version < known.Version || (read.Uid != known.Uid && read.Version == known.Version && known.Version > 0))
            return false;
        foreach (var (key, entry) in known.Members)
        {
            var found = read.Members.GetValueOrDefault(key);
            if (found is null ? entry.Status != SiloStatus.Dead : found.Status < entry.Status)
                return false;
        }
        return true;
    }

    /// <summary>
    /// Both in one: the later status of each silo, a version later than either. Whichever silo joins first, and in
    /// whatever order, the same table results.
    /// </summary>
    public static ClusterTable Join(ClusterTable read, ClusterTable known) => read with
    {
        StoredVersion = Math.Max(read.Version, known.Version) + 1,
        Members = known.Members.Aggregate(read.Members, Join),
        Faults = read.Faults.Clear(),
    };

    private static ImmutableSortedDictionary<string, MembershipEntry> Join(
        ImmutableSortedDictionary<string, MembershipEntry> members, KeyValuePair<string, MembershipEntry> known) =>
        members.TryGetValue(known.Key, out var found) && found.Status >= known.Value.Status ? members : members.SetItem(known.Key, known.Value);
}
