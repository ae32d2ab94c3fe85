using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class UpdateTests
{
    [RealApiServerFact]
    public async Task Update_OfAnEntry_IsReadBackWholeAtTheNextVersion()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync(SiloStatus.Joining);
        var before = await cluster.Table.ReadAllAsync();
        entry.Status = SiloStatus.Active;
        entry.ProxyPort = 0;
        entry.SuspectTimes = [.. entry.SuspectTimes!.Skip(1)];

        Assert.True(await cluster.Table.UpdateRowAsync(entry, before.ETagOf(entry), before.Version.Next()));

        var after = await cluster.Table.ReadAllAsync();
        Assert.Equal(entry.ToFullString(), after.EntryOf(entry).ToFullString());
        Assert.Equal(before.Version.Version + 1, after.Version.Version);
        Assert.NotEqual(before.ETagOf(entry), after.ETagOf(entry));
    }

    [RealApiServerFact]
    public async Task Update_WithTheRightETagAndAnOldVersion_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var old = (await cluster.Table.ReadAllAsync()).Version.Next();
        await cluster.InsertAsync();
        var etag = (await cluster.Table.ReadAllAsync()).ETagOf(entry);

        Assert.False(await cluster.Table.UpdateRowAsync(entry, etag, old));

        Assert.Equal(2, (await cluster.Table.ReadAllAsync()).Version.Version);
    }

    [RealApiServerFact]
    public async Task Update_WithAnOldETagAndTheRightVersion_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var old = (await cluster.Table.ReadAllAsync()).ETagOf(entry);
        Assert.True(await cluster.UpdateAsync(entry));
        var next = (await cluster.Table.ReadAllAsync()).Version.Next();

        Assert.False(await cluster.Table.UpdateRowAsync(entry, old, next));

        Assert.Equal(2, (await cluster.Table.ReadAllAsync()).Version.Version);
    }

    [RealApiServerFact]
    public async Task Update_OfASiloWithoutEntry_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.InsertAsync();
        var version = (await cluster.Table.ReadAllAsync()).Version;

        Assert.False(await cluster.Table.UpdateRowAsync(TestEntry.Create(), version.VersionEtag, version.Next()));
    }

    [RealApiServerFact]
    public async Task Update_TwentyAtOnceEachUntilItSucceeds_AdvancesTheVersionByTwenty()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var silos = Enumerable.Range(0, 20).Select(_ => cluster.AnotherSilo()).ToList();

        await Task.WhenAll(silos.Select(async silo =>
        {
            while (!await silo.UpdateAsync(entry))
            {
            }
        })).WaitAsync(Deadline.Default);

        Assert.Equal(21, (await cluster.Table.ReadAllAsync()).Version.Version);
        foreach (var silo in silos)
            await silo.DisposeAsync();
    }
}
