using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Faults;

/// <summary>The program ends and starts again.</summary>
public sealed class RestartTests
{
    private const int Sets = 30;
    private const int PodsPerSet = 10;

    [RealApiServerTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_OfEverything_WritesNothing(bool orderly)
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        await blue.Server.Seeder.PutPodsAsync(
            from set in Enumerable.Range(0, Sets)
            from pod in Enumerable.Range(0, PodsPerSet)
            select blue.Pod(shop, $"web-{set}-{pod}", $"web-{set}", $"10.0.{set}.{pod}"));
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();
        for (var set = 0; set < Sets; set++)
            await world.WaitForNetsAsync(blue.ObjectOf(shop, $"web-{set}"), [.. Enumerable.Range(0, PodsPerSet).Select(pod => $"10.0.{set}.{pod}/32")]);
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
        if (orderly)
            Assert.Equal(0, await world.Program.TerminateAsync());
        else
            await world.Program.KillAsync();

        await using var recorder = await world.NetworkSets.RecordAsync(blue.Name);
        await world.StartAsync();
        var status = await world.Program.WaitForStateAsync(blue.Name, "Synced");
        Assert.Equal((Sets * PodsPerSet, Sets, Sets * PodsPerSet),
            (status["pods"]!.GetValue<int>(), status["sets"]!.GetValue<int>(), status["nets"]!.GetValue<int>()));
        Assert.Equal(0, await world.Program.MetricAsync("kps_writes_total", ("remote_cluster", blue.Name)));

        await blue.RunAsync(shop, "marker", "marker", "10.0.0.200");
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "marker"), "10.0.0.200/32");
        await recorder.WaitForAsync(blue.ObjectOf(shop, "marker"));
        Assert.Equal([blue.ObjectOf(shop, "marker")], recorder.Events.Select(change => change.Name).Distinct());
    }

    [RealApiServerFact]
    public async Task Changes_WhileNothingRan_AreWrittenAfterTheStart()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        var (left, gone) = (await blue.RunAsync(shop, "web-0", "web", "10.0.0.1"), await blue.RunAsync(shop, "api-0", "api", "10.0.0.2"));
        await blue.RunAsync(shop, "web-1", "web", "10.0.0.3");
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.0.0.3/32");
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "api"), "10.0.0.2/32");
        await world.Program.KillAsync();

        await blue.Server.Admin.DeletePodAsync(left);
        await blue.Server.Admin.DeletePodAsync(gone);
        await blue.RunAsync(shop, "web-2", "web", "10.0.0.4");
        await world.NetworkSets.SetNetsAsync(blue.ObjectOf(shop, "web"), "192.168.0.0/16");
        await world.StartAsync();

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.3/32", "10.0.0.4/32");
        await world.WaitForNoneAsync(blue.ObjectOf(shop, "api"));
    }

    [RealApiServerFact]
    public async Task Terminate_UnderLoad_EndsWithZeroAndLeavesNoSetHalf()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();
        await blue.Server.Seeder.PutPodsAsync(Enumerable.Range(1, 200).Select(pod =>
            blue.Pod(shop, $"web-{pod}", $"web-{pod}", $"10.1.0.{pod}")));
        await world.Program.WaitForAsync("the first set is written", async () => (await world.NetworkSets.ListAsync(blue.Name)).Count > 0);

        Assert.Equal(0, await world.Program.TerminateAsync());

        foreach (var written in await world.NetworkSets.ListAsync(blue.Name))
            Assert.Single(NetworkSets.NetsOf(written));
    }
}
