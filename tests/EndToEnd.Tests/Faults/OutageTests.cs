using System.Net;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Faults;

/// <summary>API servers that go away and come back.</summary>
public sealed class OutageTests
{
    // FAULTS: right within 10 s after the remote is back, within 60 s after the local one is.
    private static readonly TimeSpan RemoteLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LocalLimit = TimeSpan.FromSeconds(60);

    [RealApiServerTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Remote_Away_KeepsItsSetsAndIsRightSoonAfterItIsBack(bool orderly)
    {
        await using var remote = await RealApiServers.Shared.StartPrivateAsync(new("remote-away") { CalicoApis = [] });
        await using var world = await World.CreateAsync();
        var (blue, green) = (world.AddCluster("blue", remote), await world.AddClusterAsync("green", "remote-b"));
        var shop = await blue.CreateNamespaceAsync();
        var greenShop = await green.CreateNamespaceAsync();
        var (first, second) = (blue.Pod(shop, "web-0", "web", "10.0.0.1"), blue.Pod(shop, "web-1", "web", "10.0.0.2"));
        await remote.Admin.CreatePodAsync(first);
        await remote.Admin.CreatePodAsync(second);
        await world.ConfigureAsync("", await blue.EntryAsync(), await green.EntryAsync());
        await world.StartAsync();
        var name = blue.ObjectOf(shop, "web");
        await world.WaitForNetsAsync(name, "10.0.0.1/32", "10.0.0.2/32");
        await using var recorder = await world.NetworkSets.RecordAsync(name);

        await (orderly ? remote.StopAsync() : remote.KillAsync());
        var status = await world.Program.WaitForStateAsync(blue.Name, "Unreachable");
        Assert.NotEmpty(status["lastError"]!.GetValue<string>());
        Assert.Equal(0, await world.Program.MetricAsync("kps_cluster_up", ("remote_cluster", blue.Name)));
        Assert.Equal(HttpStatusCode.OK, (await world.Program.GetAsync(new Uri(world.Program.Health, "/readyz"))).Status);
        // The others go on.
        await green.RunAsync(greenShop, "web-0", "web", "10.0.0.9");
        await world.WaitForNetsAsync(green.ObjectOf(greenShop, "web"), "10.0.0.9/32");

        await remote.Seeder.DeletePodsAsync([first]);
        await remote.Seeder.PutPodsAsync([blue.Pod(shop, "web-2", "web", "10.0.0.3")]);
        Assert.Empty(recorder.Events);
        await remote.StartAsync();

        await world.WaitForNetsAsync(RemoteLimit, name, "10.0.0.2/32", "10.0.0.3/32");
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
        await recorder.WaitForAsync(name);
        Assert.All(recorder.Events, change => Assert.Contains("10.0.0.2/32", change.Nets));
    }

    [RealApiServerFact]
    public async Task Remote_AwayForLongerThanStaleAfter_LosesItsSetsUntilItIsBack()
    {
        await using var remote = await RealApiServers.Shared.StartPrivateAsync(new("remote-stale") { CalicoApis = [] });
        await using var world = await World.CreateAsync();
        var blue = world.AddCluster("blue", remote);
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.ConfigureAsync("", await blue.EntryAsync("staleAfter: 3s"));
        await world.StartAsync();
        var name = blue.ObjectOf(shop, "web");
        await world.WaitForNetsAsync(name, "10.0.0.1/32");

        await remote.KillAsync();
        await world.WaitForNoneAsync(name);
        // In sync is only what the remote says now.
        await using (var status = await world.AskAsync("status", "--wait", "--timeout", "1s"))
            Assert.Equal(1, status.ExitCode);

        await remote.StartAsync();
        await world.WaitForNetsAsync(name, "10.0.0.1/32");
        await using (var status = await world.AskAsync("status", "--wait", "--timeout", "30s"))
            Assert.Equal(0, status.ExitCode);
    }

    [RealApiServerFact]
    public async Task Local_Away_IsRightSoonAfterItIsBack()
    {
        await using var local = await RealApiServers.Shared.StartPrivateAsync(new("local-away"));
        await using var world = await World.CreateAsync(local);
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();
        var name = blue.ObjectOf(shop, "web");
        await world.WaitForNetsAsync(name, "10.0.0.1/32");

        await local.KillAsync();
        await blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await blue.Server.Admin.DeletePodAsync(pod);
        await world.Program.WaitForStateAsync(blue.Name, "Failing");
        await world.Program.WaitForAsync("readyz tells", async () =>
            (await world.Program.GetAsync(new Uri(world.Program.Health, "/readyz"))).Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await world.Program.GetAsync(new Uri(world.Program.Health, "/healthz"))).Status);
        await local.StartAsync();

        await world.WaitForNetsAsync(LocalLimit, name, "10.0.0.2/32");
        // The watch is back too: what is edited is repaired.
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
        await world.NetworkSets.SetNetsAsync(name, "192.168.0.0/16");
        await world.WaitForNetsAsync(name, "10.0.0.2/32");
        await world.Program.WaitUntilReadyAsync();
    }
}
