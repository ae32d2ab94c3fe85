using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Grid;

public sealed class GridTests
{
    [RealApiServerFact]
    public async Task Silos_OfOneGrid_SeeEachOtherJoinLeaveAndDie()
    {
        await using var cluster = await TestTable.CreateAsync();
        await using var first = await TestSilo.StartAsync(cluster, "first");
        await using var second = await TestSilo.StartAsync(cluster, "second");
        await UntilAsync(cluster, "both are active", AreActive("first", "second"), first, second);
        Assert.Contains("first,second", await ShownAsync(cluster), StringComparison.Ordinal);

        await second.StopAsync();
        await UntilAsync(cluster, "the one that left is dead", statuses => statuses["second"] == "Dead" && statuses["first"] == "Active", first);

        await using var third = await TestSilo.StartAsync(cluster, "third");
        await UntilAsync(cluster, "the third is active", AreActive("first", "third"), first, third);
        await third.KillAsync();
        await UntilAsync(cluster, "the killed one is declared dead", statuses => statuses["third"] == "Dead", first);
        var killed = (await MembersAsync(cluster)).Single(member => member["silo"]!.GetValue<string>() == "third");
        Assert.NotEmpty(killed["suspects"]!.AsArray());
        Assert.False(first.HasEnded, first.Log);
    }

    [RealApiServerFact]
    public async Task Grid_WhoseObjectIsDeletedUnderIt_GoesOn()
    {
        await using var cluster = await TestTable.CreateAsync();
        await using var first = await TestSilo.StartAsync(cluster, "first");
        await using var second = await TestSilo.StartAsync(cluster, "second");
        await UntilAsync(cluster, "both are active", AreActive("first", "second"), first, second);

        for (var round = 0; round < 3; round++)
        {
            await cluster.Server.Admin.DeleteAsync(cluster.Path);
            await UntilAsync(cluster, "both are active again", AreActive("first", "second"), first, second);
        }

        // A silo joins only after every active one has answered it, so both still take part.
        await using var third = await TestSilo.StartAsync(cluster, "third");
        await UntilAsync(cluster, "a third joins", AreActive("first", "second", "third"), first, second, third);
        Assert.False(first.HasEnded, first.Log);
        Assert.False(second.HasEnded, second.Log);
    }

    private static Predicate<IReadOnlyDictionary<string, string>> AreActive(params string[] names) =>
        statuses => names.All(name => statuses.GetValueOrDefault(name) == "Active");

    private static Task UntilAsync(TestTable cluster, string what, Predicate<IReadOnlyDictionary<string, string>> condition, params TestSilo[] silos)
    {
        var last = "nothing";
        return Deadline.UntilAsync(what, async () =>
        {
            var statuses = (await MembersAsync(cluster)).ToDictionary(
                member => member["silo"]!.GetValue<string>(), member => member["status"]!.GetValue<string>());
            last = string.Join(", ", statuses);
            return condition(statuses);
        }, details: () => $"{last}\n{string.Join("\n---\n", silos.Select(silo => silo.Log))}");
    }

    private static async Task<IEnumerable<JsonNode>> MembersAsync(TestTable cluster) =>
        (await cluster.Server.Admin.TryGetAsync(cluster.Path))?["status"]?["members"]?.AsObject().Select(member => member.Value!) ?? [];

    private static Task<string> ShownAsync(TestTable cluster) =>
        cluster.Server.Admin.KubectlAsync(null, "get", "orleansclusters", "-n", TestTable.Namespace, cluster.ClusterId);
}
