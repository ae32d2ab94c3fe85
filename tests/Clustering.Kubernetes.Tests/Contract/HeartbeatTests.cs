using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class HeartbeatTests
{
    [RealApiServerFact]
    public async Task Heartbeat_OfASilo_ChangesItsTimeAndNeitherVersionNorETag()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var before = await cluster.Table.ReadAllAsync();
        var time = entry.IAmAliveTime.AddSeconds(30);

        await cluster.Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = time });

        var after = await cluster.Table.ReadAllAsync();
        entry.IAmAliveTime = time;
        Assert.Equal(entry.ToFullString(), after.EntryOf(entry).ToFullString());
        Assert.Equal(time, after.EntryOf(entry).IAmAliveTime);
        Assert.Equal(before.Version.VersionEtag, after.Version.VersionEtag);
        Assert.Equal(before.ETagOf(entry), after.ETagOf(entry));
    }

    [RealApiServerFact]
    public async Task Heartbeat_BetweenReadAndUpdateOfTheSameEntry_DoesNotMakeTheUpdateFailAndIsKept()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var read = await cluster.Table.ReadAllAsync();
        var time = entry.IAmAliveTime.AddSeconds(30);
        await cluster.Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = time });
        entry.Status = SiloStatus.Dead;

        Assert.True(await cluster.Table.UpdateRowAsync(entry, read.ETagOf(entry), read.Version.Next()));

        var row = (await cluster.Table.ReadAllAsync()).EntryOf(entry);
        Assert.Equal(SiloStatus.Dead, row.Status);
        Assert.Equal(time, row.IAmAliveTime);
    }

    [RealApiServerFact]
    public async Task Heartbeats_WhileOthersChangeTheTable_AreAllKeptAndFailNoChange()
    {
        const int Changes = 50;
        await using var cluster = await TestTable.CreateAsync();
        var changing = await cluster.InsertAsync();
        var beating = new List<MembershipEntry>();
        for (var i = 0; i < 5; i++)
            beating.Add(await cluster.InsertAsync());
        var start = (await cluster.Table.ReadAllAsync()).Version.Version;
        using var done = new CancellationTokenSource();
        var silos = beating.Select(entry => (Silo: cluster.AnotherSilo(), Entry: entry)).ToList();
        var beats = silos.Select(pair => BeatUntilAsync(pair.Silo, pair.Entry, done.Token)).ToList();

        for (var i = 0; i < Changes; i++)
            Assert.True(await cluster.UpdateAsync(changing), $"change {i} lost to a heartbeat");
        await done.CancelAsync();
        var last = await Task.WhenAll(beats);

        var table = await cluster.Table.ReadAllAsync();
        Assert.Equal(start + Changes, table.Version.Version);
        Assert.Equal(last, beating.Select(entry => table.EntryOf(entry).IAmAliveTime));
        foreach (var (silo, _) in silos)
            await silo.DisposeAsync();
    }

    [RealApiServerFact]
    public async Task Heartbeat_OfASiloThatNeverHadAnEntry_Fails()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.InsertAsync();

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.UpdateIAmAliveAsync(TestEntry.Create()));

        Assert.Contains("has no entry", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<DateTime> BeatUntilAsync(TestTable silo, MembershipEntry entry, CancellationToken until)
    {
        var time = entry.IAmAliveTime;
        do
        {
            time = time.AddMilliseconds(1);
            await silo.Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = time }, CancellationToken.None);
        }
        while (!until.IsCancellationRequested);
        return time;
    }
}
