using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Faults;

/// <summary>Somebody deletes or edits the object under a running grid.</summary>
public sealed class LostObjectTests
{
    [RealApiServerFact]
    public async Task Read_AfterTheObjectWasDeleted_RestoresAllEntriesAtALaterVersion()
    {
        await using var cluster = await TestTable.CreateAsync();
        var alive = await cluster.InsertAsync(SiloStatus.Active);
        var dead = await cluster.InsertAsync(SiloStatus.Dead);
        var before = await cluster.Table.ReadAllAsync();
        await cluster.Server.Admin.DeleteAsync(cluster.Path);

        var after = await cluster.Table.ReadAllAsync();

        Assert.True(after.Version.Version > before.Version.Version, $"{after.Version} after {before.Version}");
        Assert.Equal(alive.ToFullString(), after.EntryOf(alive).ToFullString());
        Assert.Equal(SiloStatus.Dead, after.EntryOf(dead).Status);
        Assert.Equal(1, (await cluster.ObjectAsync())["status"]!["active"]!.GetValue<int>());
    }

    [RealApiServerFact]
    public async Task Read_ByManySilosAfterTheObjectWasDeleted_AgreesOnOneTable()
    {
        await using var cluster = await TestTable.CreateAsync();
        var silos = new List<TestTable>();
        var entries = new List<MembershipEntry>();
        for (var i = 0; i < 5; i++)
        {
            // Each knows those before it, and none of those after it.
            silos.Add(cluster.AnotherSilo());
            entries.Add(await silos[i].InsertAsync());
        }
        await cluster.Server.Admin.DeleteAsync(cluster.Path);

        var seen = await Task.WhenAll(silos.Select(silo => silo.Table.ReadAllAsync()));

        // Each silo finds itself in every table it is ever shown: Orleans ends one that does not.
        Assert.All(seen.Zip(entries), pair => Assert.Equal(SiloStatus.Active, pair.First.EntryOf(pair.Second).Status));
        var last = await Task.WhenAll(silos.Select(silo => silo.Table.ReadAllAsync()));
        Assert.Single(last.Select(table => table.Version.VersionEtag).Distinct());
        Assert.All(entries, entry => Assert.Equal(SiloStatus.Active, last[0].EntryOf(entry).Status));
        foreach (var silo in silos)
            await silo.DisposeAsync();
    }

    [RealApiServerFact]
    public async Task Heartbeat_AfterTheObjectWasDeleted_RestoresItFirst()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        await cluster.Server.Admin.DeleteAsync(cluster.Path);
        entry.IAmAliveTime = entry.IAmAliveTime.AddSeconds(30);

        await cluster.Table.UpdateIAmAliveAsync(entry);

        await using var stranger = cluster.AnotherSilo();
        Assert.Equal(entry.ToFullString(), (await stranger.Table.ReadAllAsync()).EntryOf(entry).ToFullString());
    }

    [RealApiServerFact]
    public async Task Read_AfterAnEntryWasRemovedByHand_RestoresIt()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        var other = await cluster.InsertAsync();
        await cluster.MeddleAsync(Status(new JsonObject { ["members"] = new JsonObject { [entry.SiloAddress.ToParsableString()] = null } }));

        var table = await cluster.Table.ReadAllAsync();

        Assert.Equal(SiloStatus.Active, table.EntryOf(entry).Status);
        Assert.Equal(SiloStatus.Active, table.EntryOf(other).Status);
        Assert.Equal(3, table.Version.Version);
    }

    [RealApiServerFact]
    public async Task Read_AfterTheStatusWasRemoved_RestoresIt()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        await cluster.MeddleAsync(new JsonObject { ["status"] = null });

        Assert.Equal(SiloStatus.Active, (await cluster.Table.ReadAllAsync()).EntryOf(entry).Status);
    }

    [RealApiServerFact]
    public async Task Read_OfAnObjectWithoutStatusByASiloThatKnowsNothing_StartsATableThatCanBeWritten()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.InsertAsync();
        await cluster.MeddleAsync(new JsonObject { ["status"] = null });
        await using var stranger = cluster.AnotherSilo();

        var entry = await stranger.InsertAsync();

        Assert.Equal(entry.SiloAddress, Assert.Single((await stranger.Table.ReadAllAsync()).Members).Item1.SiloAddress);
    }

    [RealApiServerFact]
    public async Task Read_AfterTheVersionWentBack_AdvancesItBeyondWhatIsKnown()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        Assert.True(await cluster.UpdateAsync(entry));
        Assert.True(await cluster.UpdateAsync(entry));
        await cluster.MeddleAsync(Status(new JsonObject { ["version"] = 1 }));

        Assert.Equal(4, (await cluster.Table.ReadAllAsync()).Version.Version);
    }

    [RealApiServerFact]
    public async Task Read_AfterADeadSiloWasSetToActiveByHand_SaysDead()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync(SiloStatus.Dead);
        await cluster.MeddleAsync(Member(entry.SiloAddress.ToParsableString(), new JsonObject { ["status"] = "Active" }));

        Assert.Equal(SiloStatus.Dead, (await cluster.Table.ReadAllAsync()).EntryOf(entry).Status);
    }

    [RealApiServerFact]
    public async Task Entry_ThatCannotBeRead_IsSkippedWithOneWarningAndGoesWithTheNextChange()
    {
        const string Garbage = "no/silo~at all";
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();
        await cluster.MeddleAsync(Member(Garbage, new JsonObject
        {
            ["status"] = "Active",
            ["started"] = "2026-01-02T03:04:05Z",
            ["iAmAlive"] = "2026-01-02T03:04:05Z",
        }));

        Assert.Single((await cluster.Table.ReadAllAsync()).Members);
        Assert.Single((await cluster.Table.ReadAllAsync()).Members);
        Assert.True(await cluster.UpdateAsync(entry));

        Assert.Single(cluster.Log.Lines, line => line.Contains(Garbage, StringComparison.Ordinal));
        Assert.Equal([entry.SiloAddress.ToParsableString()], (await cluster.ObjectAsync())["status"]!["members"]!.AsObject().Select(member => member.Key));
    }

    [RealApiServerFact]
    public async Task Schema_OfTheShippedCrd_RefusesWhatIsNoEntry()
    {
        await using var cluster = await TestTable.CreateAsync();
        var entry = await cluster.InsertAsync();

        await Assert.ThrowsAsync<TestBench.Api.ApiServerStatusException>(() =>
            cluster.MeddleAsync(Member(entry.SiloAddress.ToParsableString(), new JsonObject { ["status"] = "Alive" })));
    }

    private static JsonObject Status(JsonObject status) => new() { ["status"] = status };

    private static JsonObject Member(string key, JsonObject member) => Status(new JsonObject { ["members"] = new JsonObject { [key] = member } });
}
