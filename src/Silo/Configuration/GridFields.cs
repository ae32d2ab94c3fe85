using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Silo.Configuration.Syntax;
using Field = KubePolicySemaphore.Silo.Configuration.ConfigurationField<KubePolicySemaphore.Silo.Configuration.SiloConfiguration>;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>The fields at the top of the file, but for those that hold mappings of their own.</summary>
internal static class GridFields
{
    public const string Local = "local";
    public const string Defaults = "defaults";
    public const string Clusters = "clusters";
    public const string AmbiguousNames = "ambiguousNames";
    public const string FullStoreResyncPeriod = "fullStoreResyncPeriod";
    public const string PodResyncPeriod = "podResyncPeriod";

    private static readonly GridOptions Standard = new() { Clusters = [] };

    public static IReadOnlyList<Field> All { get; } =
    [
        Field.Of(FullStoreResyncPeriod, Syntaxes.Period, (all, value) => all with { Grid = all.Grid with { FullStoreResyncPeriod = value } },
            "How often each set is compared with Calico in full.", GoDuration.Format(Standard.FullStoreResyncPeriod)),
        Field.Of(PodResyncPeriod, Syntaxes.Period, (all, value) => all with { Grid = all.Grid with { PodResyncPeriod = value } },
            "How often each remote cluster is listed anew.", GoDuration.Format(Standard.PodResyncPeriod)),
        Field.Of("removalGracePeriod", Syntaxes.Wait, (all, value) => all with { Grid = all.Grid with { RemovalGracePeriod = value } },
            "How long the sets of a cluster stay that has left this file.", GoDuration.Format(Standard.RemovalGracePeriod)),
        Field.Of("maxNetsPerObject", Syntaxes.Count, (all, value) => all with { Grid = all.Grid with { MaxNetsPerObject = value } },
            "How many nets stand in one object at most; a larger set gets further objects.", Standard.MaxNetsPerObject),
        Field.Of(AmbiguousNames, Syntaxes.Enumeration<AmbiguousNames>(), (all, value) => all with { AmbiguousNames = value },
            "What to make of a cluster whose name and '-' begin another's.", nameof(Configuration.AmbiguousNames.Warn)),
    ];

    /// <summary>Every field that the top of the file may hold.</summary>
    public static IEnumerable<string> Names => [Local, .. All.Select(entry => entry.Name), Defaults, Clusters];
}
