using CsCheck;
using KubePolicySemaphore.Clustering.Kubernetes.Membership;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Membership;

public sealed class TableMemoryTests
{
    private static readonly MembershipEntry[] Silos = [.. Enumerable.Range(0, 4).Select(_ => TestEntry.Create())];

    private static readonly Gen<SiloStatus?> GenStatus =
        Gen.Int[0, 4].Select(index => ((SiloStatus?[])[null, SiloStatus.Joining, SiloStatus.Active, SiloStatus.ShuttingDown, SiloStatus.Dead])[index]);

    private static readonly Gen<ClusterTable> GenTable =
        from version in Gen.Int[0, 5]
        from uid in Gen.Bool.Select(first => first ? "a" : "b")
        from statuses in GenStatus.Array[Silos.Length]
        select Table(version, uid, statuses);

    [Fact]
    public void Join_OfAnyTwoTables_CoversBothAndHasALaterVersion() => Gen.Select(GenTable, GenTable).Sample((read, known) =>
    {
        var joined = TableMemory.Join(read, known);

        Assert.True(TableMemory.Covers(joined, known));
        Assert.True(TableMemory.Covers(joined, read));
        Assert.True(joined.Version > Math.Max(read.Version, known.Version));
    });

    [Fact]
    public void Join_InAnyOrder_HasTheSameStatuses() => Gen.Select(GenTable, GenTable).Sample((one, other) =>
        Assert.Equal(Statuses(TableMemory.Join(one, other)), Statuses(TableMemory.Join(other, one))));

    [Fact]
    public void Covers_AfterAnythingThatSilosDo_IsTrue() => Gen.Select(GenTable, Gen.Int[0, Silos.Length - 1]).Sample((known, index) =>
    {
        var key = SiloKey.Of(Silos[index].SiloAddress);
        var later = known with { StoredVersion = known.Version + 1 };
        if (!known.Members.TryGetValue(key, out var entry))
            later = later.With(EntryCopy.Of(Silos[index]));
        else if (entry.Status == SiloStatus.Dead)
            later = later with { Members = known.Members.Remove(key) };
        else
            later = later.With(With(entry, SiloStatus.Dead));

        Assert.True(TableMemory.Covers(known, known));
        Assert.True(TableMemory.Covers(later, known));
    });

    [Theory]
    [InlineData(2, "a", SiloStatus.Active, false)]
    [InlineData(3, "b", SiloStatus.Active, false)]
    [InlineData(4, "b", SiloStatus.Active, true)]
    [InlineData(4, "a", SiloStatus.Joining, false)]
    [InlineData(4, "a", null, false)]
    [InlineData(4, "a", SiloStatus.Dead, true)]
    public void Covers_OfVersion3OfObjectAWithAnActiveSilo_Is(int version, string uid, SiloStatus? status, bool expected) =>
        Assert.Equal(expected, TableMemory.Covers(Table(version, uid, status), Table(3, "a", SiloStatus.Active)));

    private static ClusterTable Table(int version, string uid, params SiloStatus?[] statuses)
    {
        var table = ClusterTable.Missing with { Uid = uid, StoredVersion = version };
        for (var i = 0; i < statuses.Length; i++)
        {
            if (statuses[i] is { } status)
                table = table.With(With(Silos[i], status));
        }
        return table;
    }

    private static MembershipEntry With(MembershipEntry entry, SiloStatus status)
    {
        var copy = EntryCopy.Of(entry);
        copy.Status = status;
        return copy;
    }

    private static IEnumerable<(string Key, SiloStatus Status)> Statuses(ClusterTable table) =>
        table.Members.Select(member => (member.Key, member.Value.Status));
}
