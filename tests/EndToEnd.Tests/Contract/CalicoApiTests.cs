using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Contract;

/// <summary>Which of Calico's two APIs is written to.</summary>
public sealed class CalicoApiTests
{
    // INTERFACE: "a changed Calico API noticed, within 60 s"; the rest is for a busy machine.
    private static readonly TimeSpan SwitchLimit = TimeSpan.FromSeconds(75);

    [RealApiServerFact]
    public async Task Discovery_WithBothApis_TakesV3AndAConfiguredOneStands()
    {
        await using var local = await RealApiServers.Shared.StartPrivateAsync(new("local-both") { CalicoApis = [CalicoApi.Crd, CalicoApi.V3] });
        await using (var found = await World.CreateAsync(local, CalicoApi.V3))
        {
            var blue = await found.AddClusterAsync("blue");
            await found.ConfigureAsync("", await blue.EntryAsync());
            await found.StartAsync();
            await ShowsAsync(found, blue);
        }

        await using var configured = await World.CreateAsync(local, CalicoApi.Crd);
        var green = await configured.AddClusterAsync("green");
        await configured.ConfigureAsync("  calicoApi: crd.projectcalico.org/v1", await green.EntryAsync());
        await configured.StartAsync();
        await ShowsAsync(configured, green);
    }

    [RealApiServerFact]
    public async Task Discovery_WhenCalicoMigratesAtRunTime_GoesOnInTheOtherApi()
    {
        await using var local = await RealApiServers.Shared.StartPrivateAsync(new("local-migrating"));
        await using var world = await World.CreateAsync(local, CalicoApi.V3);
        var blue = await world.AddClusterAsync("blue");
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        var old = new NetworkSets(local, CalicoApi.Crd);
        await world.Program.DescribedAsync(old.WaitForNetsAsync(blue.ObjectOf(shop, "web"), ["10.0.0.1/32"]));

        await local.ServeAsync(CalicoApi.V3);
        await local.RemoveAsync(CalicoApi.Crd);

        await world.WaitForNetsAsync(SwitchLimit, blue.ObjectOf(shop, "web"), "10.0.0.1/32");
        await blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.0.0.2/32");
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
    }

    private static async Task ShowsAsync(World world, RemoteCluster cluster)
    {
        var shop = await cluster.CreateNamespaceAsync();
        await cluster.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.WaitForNetsAsync(cluster.ObjectOf(shop, "web"), "10.0.0.1/32");
        foreach (var other in new[] { CalicoApi.Crd, CalicoApi.V3 })
            Assert.Equal(
                other == world.NetworkSets.Api ? 1 : 0,
                (await new NetworkSets(world.Local, other).ListAsync(cluster.Name)).Count);
    }
}
