using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Grid;

public sealed class GridTests
{
    [RealApiServerFact]
    public async Task Silos_OfOneGrid_SeeEachOtherJoinLeaveAndDie()
    {
        await using var cluster = await TestTable.CreateAsync();
        await using var first = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "first");
        await using var second = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "second");
        await UntilAsync(cluster, "both are active", statuses => statuses is { Count: 2 } && statuses.Values.All(status => status == "Active"));
        Assert.Contains("first,second", await ShownAsync(cluster), StringComparison.Ordinal);

        await second.StopAsync();
        await UntilAsync(cluster, "the one that left is dead", statuses => statuses["second"] == "Dead" && statuses["first"] == "Active");

        await using var third = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "third");
        await UntilAsync(cluster, "the third is active", statuses => statuses.GetValueOrDefault("third") == "Active");
        await third.KillAsync();
        await UntilAsync(cluster, "the killed one is declared dead", statuses => statuses["third"] == "Dead");
        var killed = (await MembersAsync(cluster)).Single(member => member["silo"]!.GetValue<string>() == "third");
        Assert.NotEmpty(killed["suspects"]!.AsArray());
        Assert.False(first.Stopped.IsCancellationRequested);
    }

    [RealApiServerFact]
    public async Task Grid_WhoseObjectIsDeletedUnderIt_GoesOn()
    {
        await using var cluster = await TestTable.CreateAsync();
        await using var first = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "first");
        await using var second = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "second");
        await UntilAsync(cluster, "both are active", statuses => statuses is { Count: 2 } && statuses.Values.All(status => status == "Active"));

        for (var round = 0; round < 3; round++)
        {
            await cluster.Server.Admin.DeleteAsync(cluster.Path);
            await UntilAsync(cluster, "both are active again", statuses => statuses is { Count: 2 } && statuses.Values.All(status => status == "Active"));
        }

        // A marker that comes after all the silos made of it: one more joins, and is seen by both.
        await using var third = await TestSilo.StartAsync(cluster.Server, cluster.ClusterId, "third");
        foreach (var silo in new[] { first, second })
        {
            var oracle = (ISiloStatusOracle)silo.Services.GetService(typeof(ISiloStatusOracle))!;
            await Deadline.UntilAsync("it sees three active silos", () => Task.FromResult(oracle.GetApproximateSiloStatuses(onlyActive: true).Count == 3));
            Assert.False(silo.Stopped.IsCancellationRequested);
        }
    }

    private static Task UntilAsync(TestTable cluster, string what, Predicate<IReadOnlyDictionary<string, string>> condition)
    {
        var last = "nothing";
        return Deadline.UntilAsync(what, async () =>
        {
            var statuses = (await MembersAsync(cluster)).ToDictionary(
                member => member["silo"]!.GetValue<string>(), member => member["status"]!.GetValue<string>());
            last = string.Join(", ", statuses);
            return condition(statuses);
        }, details: () => last);
    }

    private static async Task<IEnumerable<JsonNode>> MembersAsync(TestTable cluster) =>
        (await cluster.Server.Admin.TryGetAsync(cluster.Path))?["status"]?["members"]?.AsObject().Select(member => member.Value!) ?? [];

    private static Task<string> ShownAsync(TestTable cluster) =>
        cluster.Server.Admin.KubectlAsync(null, "get", "orleansclusters", "-n", TestTable.Namespace, cluster.ClusterId);
}
