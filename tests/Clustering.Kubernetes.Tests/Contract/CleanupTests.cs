using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class CleanupTests
{
    [RealApiServerFact]
    public async Task Cleanup_OfDefunctSilos_TakesOldDeadOnesOnly()
    {
        await using var cluster = await TestTable.CreateAsync();
        var old = TimeSpan.FromDays(10);
        await InsertAgedAsync(cluster, SiloStatus.Dead, old);
        var alive = await InsertAgedAsync(cluster, SiloStatus.Active, old);
        var justDied = await InsertAgedAsync(cluster, SiloStatus.Dead, TimeSpan.Zero);

        await cluster.Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3));

        var left = (await cluster.Table.ReadAllAsync()).Members.Select(row => row.Item1.SiloAddress);
        Assert.Equal([alive.SiloAddress, justDied.SiloAddress], left.Order());
        Assert.Equal(2, (await cluster.ObjectAsync())["status"]!["silos"]!.GetValue<int>());
    }

    [RealApiServerFact]
    public async Task Cleanup_OfASiloThatWasSuspectedLately_KeepsIt()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = TestEntry.Create(SiloStatus.Dead);
        entry.StartTime -= TimeSpan.FromDays(10);
        entry.IAmAliveTime = entry.StartTime;
        Assert.True(await cluster.Table.InsertRowAsync(entry, (await cluster.Table.ReadAllAsync()).Version.Next()));

        await cluster.Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3));

        Assert.Single((await cluster.Table.ReadAllAsync()).Members);
    }

    [RealApiServerFact]
    public async Task Cleanup_OfThousandsOfEntries_TakesThemAll()
    {
        const int Dead = 2_500;
        await using var cluster = await TestTable.CreateAsync();
        var alive = await cluster.InsertAsync();
        await cluster.MeddleAsync(Many.Dead(Dead));
        Assert.Equal(Dead + 1, (await cluster.Table.ReadAllAsync()).Members.Count);

        await cluster.Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3));

        Assert.Equal(alive.SiloAddress, Assert.Single((await cluster.Table.ReadAllAsync()).Members).Item1.SiloAddress);
    }

    [RealApiServerFact]
    public async Task Delete_OfTheCluster_DeletesTheObjectAndTheTableStartsAnew()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.InsertAsync();

        await cluster.Table.DeleteMembershipTableEntriesAsync(cluster.ClusterId);

        Assert.Null(await cluster.Server.Admin.TryGetAsync(cluster.Path));
        Assert.Equal(0, (await cluster.Table.ReadAllAsync()).Version.Version);
        await cluster.InsertAsync();
    }

    [RealApiServerFact]
    public async Task Delete_OfAnotherCluster_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Table.DeleteMembershipTableEntriesAsync("another"));
    }

    private static async Task<MembershipEntry> InsertAgedAsync(TestTable cluster, SiloStatus status, TimeSpan age)
    {
        var entry = TestEntry.Create(status);
        entry.StartTime -= age;
        entry.IAmAliveTime -= age;
        entry.SuspectTimes = [];
        Assert.True(await cluster.Table.InsertRowAsync(entry, (await cluster.Table.ReadAllAsync()).Version.Next()));
        return entry;
    }
}
