using System.Collections.Immutable;
using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>The object at one point in time.</summary>
internal sealed record ClusterTable
{
    /// <summary>There is no object, or none yet.</summary>
    public static ClusterTable Missing { get; } = new();

    /// <summary>Null when there is no object. A new object with the same name has another one.</summary>
    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    /// <summary>The cluster id it was made for; null when it does not say.</summary>
    public string? ClusterId { get; init; }

    /// <summary>Null when somebody has taken it out of the object.</summary>
    public int? StoredVersion { get; init; }

    public ImmutableSortedDictionary<string, MembershipEntry> Members { get; init; } =
        ImmutableSortedDictionary.Create<string, MembershipEntry>(StringComparer.Ordinal);

    /// <summary>Entries that cannot be read, by key, and why. Nobody sees them, and the next change removes them.</summary>
    public ImmutableSortedDictionary<string, string> Faults { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public bool IsMissing => Uid is null;

    public int Version => StoredVersion ?? 0;

    /// <summary>
    /// Of the table and of every row: a row changes only together with the version, and a heartbeat changes neither. With
    /// the uid in it nothing that was read before the object was replaced can be written after.
    /// </summary>
    public string ETag => string.Create(CultureInfo.InvariantCulture, $"{Version}@{Uid}");

    public MembershipTableData ToData() => new(
        [.. Members.Values.Select(entry => Tuple.Create(EntryCopy.Of(entry), ETag))], new TableVersion(Version, ETag));

    public ClusterTable With(MembershipEntry entry) =>
        this with { Members = Members.SetItem(SiloKey.Of(entry.SiloAddress), entry), Faults = Faults.Remove(SiloKey.Of(entry.SiloAddress)) };

    public IEnumerable<MembershipEntry> Active => Members.Values.Where(entry => entry.Status == SiloStatus.Active);
}
