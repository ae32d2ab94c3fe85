using System.IO.Hashing;
using System.Text;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>
/// Which silo watches which cluster: rendezvous hashing with a bound, so that every silo comes to the same answer without
/// asking, no two silos differ by more than one cluster, and few clusters move when a silo comes or goes.
/// </summary>
/// <remarks>Pure. Each cluster goes to the silo that it scores highest with among those that still have room.</remarks>
internal static class WatcherAssignment
{
    /// <summary>The silo of every cluster.</summary>
    /// <param name="clusters">Distinct names, in any order.</param>
    /// <param name="silos">Distinct names of silos, in any order; at least one.</param>
    public static Dictionary<string, string> Assign(IEnumerable<string> clusters, IReadOnlyCollection<string> silos)
    {
        var ordered = clusters.OrderBy(Hash).ThenBy(cluster => cluster, StringComparer.Ordinal).ToList();
        var (least, more) = Math.DivRem(ordered.Count, silos.Count);
        var load = silos.ToDictionary(silo => silo, _ => 0, StringComparer.Ordinal);
        var assigned = new Dictionary<string, string>(ordered.Count, StringComparer.Ordinal);
        foreach (var cluster in ordered)
        {
            var silo = Preferred(cluster, silos.Where(silo => load[silo] < least || (load[silo] == least && more > 0)));
            // One more than the others: only so many silos may.
            more -= load[silo] == least ? 1 : 0;
            load[silo]++;
            assigned.Add(cluster, silo);
        }

        return assigned;
    }

    /// <summary>The silo that the cluster scores highest with.</summary>
    /// <param name="cluster">Its name.</param>
    /// <param name="silos">At least one.</param>
    public static string Preferred(string cluster, IEnumerable<string> silos) =>
        silos.MaxBy(silo => (Hash($"{cluster}\n{silo}"), silo))!;

    private static ulong Hash(string text) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text));
}
