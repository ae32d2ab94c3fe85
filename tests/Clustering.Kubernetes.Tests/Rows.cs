using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests;

/// <summary>Rows that must be there.</summary>
internal static class Rows
{
    public static MembershipEntry EntryOf(this MembershipTableData table, MembershipEntry silo) => RowOf(table, silo).Item1;

    public static string ETagOf(this MembershipTableData table, MembershipEntry silo) => RowOf(table, silo).Item2;

    private static Tuple<MembershipEntry, string> RowOf(MembershipTableData table, MembershipEntry silo) =>
        table.TryGet(silo.SiloAddress) ?? throw new InvalidOperationException($"no row of {silo.SiloAddress} in {table}");
}
