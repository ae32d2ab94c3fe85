using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class InsertTests
{
    [RealApiServerFact]
    public async Task ReadAll_OfAClusterThatNeverWas_IsEmptyAtVersionZero()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.Table.InitializeMembershipTableAsync(true);

        var table = await cluster.Table.ReadAllAsync();

        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
        Assert.NotNull(table.Version.VersionEtag);
    }

    [RealApiServerFact]
    public async Task Insert_OfAnEntry_IsReadBackWhole()
    {
        await using var cluster = await TestTable.CreateAsync();
        var before = await cluster.Table.ReadAllAsync();
        var entry = TestEntry.Create();

        Assert.True(await cluster.Table.InsertRowAsync(entry, before.Version.Next()));

        var after = await cluster.Table.ReadAllAsync();
        var row = Assert.Single(after.Members);
        Assert.Equal(entry.ToFullString(), row.Item1.ToFullString());
        Assert.Equal(1, after.Version.Version);
        Assert.NotEqual(before.Version.VersionEtag, after.Version.VersionEtag);
    }

    [RealApiServerFact]
    public async Task ReadRow_OfOneOfTwo_AnswersItAndTheVersion()
    {
        await using var cluster = await TestTable.CreateAsync();
        var first = await cluster.InsertAsync();
        await cluster.InsertAsync();

        var row = await cluster.Table.ReadRowAsync(first.SiloAddress);

        Assert.Equal(first.SiloAddress, Assert.Single(row.Members).Item1.SiloAddress);
        Assert.Equal(2, row.Version.Version);
    }

    [RealApiServerFact]
    public async Task Insert_WithAnOldVersion_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();
        var old = (await cluster.Table.ReadAllAsync()).Version.Next();
        await cluster.InsertAsync();

        Assert.False(await cluster.Table.InsertRowAsync(TestEntry.Create(), old));

        Assert.Single((await cluster.Table.ReadAllAsync()).Members);
    }

    [RealApiServerFact]
    public async Task Insert_OfAnEntryThatIsThere_IsRefused()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var table = await cluster.Table.ReadAllAsync();

        Assert.False(await cluster.Table.InsertRowAsync(entry, table.Version.Next()));

        Assert.Equal(1, (await cluster.Table.ReadAllAsync()).Version.Version);
    }

    [RealApiServerTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Insert_TwentyAtOnce_SucceedsOnce(bool objectExists)
    {
        await using var cluster = await TestTable.CreateAsync();
        if (objectExists)
            await cluster.InsertAsync();
        var silos = Enumerable.Range(0, 20).Select(_ => cluster.AnotherSilo()).ToList();
        var entry = TestEntry.Create();
        var next = (await cluster.Table.ReadAllAsync()).Version.Next();

        var won = await Task.WhenAll(silos.Select(silo => silo.Table.InsertRowAsync(entry, next)));

        Assert.Single(won, true);
        Assert.Equal(next.Version, (await cluster.Table.ReadAllAsync()).Version.Version);
        foreach (var silo in silos)
            await silo.DisposeAsync();
    }

    [RealApiServerFact]
    public async Task Insert_InTwoClusters_KeepsThemApart()
    {
        await using var blue = await TestTable.CreateAsync();
        await using var green = await TestTable.CreateAsync();
        var one = await blue.InsertAsync();
        var other = await green.InsertAsync();

        Assert.Equal(one.SiloAddress, Assert.Single((await blue.Table.ReadAllAsync()).Members).Item1.SiloAddress);
        Assert.Equal(other.SiloAddress, Assert.Single((await green.Table.ReadAllAsync()).Members).Item1.SiloAddress);
    }
}
