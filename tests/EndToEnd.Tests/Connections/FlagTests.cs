using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Connections;

/// <summary>The original operator's flags, alone and as environment variables.</summary>
public sealed class FlagTests
{
    [RealApiServerFact]
    public async Task Flags_OfTheOriginalOperator_RunOneClusterByItsKubeconfig()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var kubeconfig = await blue.Server.WriteKubeconfigAsync(await ShippedRoles.RemoteTokenAsync(blue.Server));
        await world.StartWithAsync([
            "-target-cluster-name", blue.Name, "-target-kube-config", kubeconfig, "-local-kube-config", world.LocalKubeconfig,
            "-label-selector", $"team,{blue.OwnPods}", "-networkset-name-annotation", "example.com/set",
            "-full-store-resync-period", "30m", "-pod-resync-period", "30m", "-log-level", "debug"]);

        var shop = await blue.CreateNamespaceAsync();
        await blue.Server.Admin.CreatePodAsync(blue.Own(new TestPod(shop, "web-0")
        {
            Addresses = ["10.0.0.1"],
            Labels = new Dictionary<string, string> { ["team"] = "payments" },
            Annotations = new Dictionary<string, string> { ["example.com/set"] = "web" },
        }));

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Flags_OfTheOriginalOperator_RunOneClusterByItsUrlAndToken()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var token = await blue.Server.WriteTokenAsync(await ShippedRoles.RemoteTokenAsync(blue.Server));
        // Without remote-ca-url the system's authorities are trusted; this variable says where they are.
        await world.StartWithAsync(
            [
                "-target-cluster-name", blue.Name, "-remote-api-url", blue.Server.Address.OriginalString, "-remote-sa-token-path", token,
                "-local-kube-config", world.LocalKubeconfig, "-label-selector", blue.Selector,
            ],
            new Dictionary<string, string?> { ["SSL_CERT_FILE"] = blue.Server.CaFile });

        await ShowsAsync(world, blue);
    }

    [RealApiServerFact]
    public async Task Variables_InPlaceOfFlags_RunOneClusterWithTheDefaultSelector()
    {
        await using var world = await World.CreateAsync();
        // The default selector takes every world's pods: a server of its own.
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new("remote-default") { CalicoApis = [] });
        var blue = world.AddCluster("blue", server);
        await world.StartWithAsync([], new Dictionary<string, string?>
        {
            ["KPS_TARGET_CLUSTER_NAME"] = blue.Name,
            ["KPS_TARGET_KUBE_CONFIG"] = await blue.Server.WriteKubeconfigAsync(await ShippedRoles.RemoteTokenAsync(blue.Server)),
            ["KPS_LOCAL_KUBE_CONFIG"] = world.LocalKubeconfig,
            // A flag wins.
            ["KPS_SERVICE_ID"] = "not-this-one",
        });
        var shop = await blue.CreateNamespaceAsync();
        await server.Admin.CreatePodAsync(TestPod.InSet(shop, "other-0", "web", "10.0.0.2") with { Labels = new Dictionary<string, string>() });
        await server.Admin.CreatePodAsync(TestPod.InSet(shop, "web-0", "web", "10.0.0.1"));

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32");
        Assert.Equal(world.ServiceId,
            NetworkSets.AnnotationsOf(await world.NetworkSets.GetAsync(blue.ObjectOf(shop, "web")))["kube-policy-semaphore/owner"]);
    }

    [RealApiServerFact]
    public async Task DryRun_OfTheWholeGrid_WritesNothingAndTellsWhatItWould()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync("--dry-run");

        await world.Program.WaitForMetricAsync("kps_nets", 1, ("remote_cluster", blue.Name));
        await world.Program.WaitForLogAsync(blue.ObjectOf(shop, "web"));
        Assert.Empty(await world.NetworkSets.ListAsync(blue.Name));
        await using var verify = await world.RunAsync("verify");
        Assert.Equal(1, verify.ExitCode);
        Assert.Contains($"{blue.Name}/{shop}/web", verify.Output.ToString(), StringComparison.Ordinal);
    }

    private static async Task ShowsAsync(World world, RemoteCluster cluster)
    {
        var shop = await cluster.CreateNamespaceAsync();
        await cluster.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.WaitForNetsAsync(cluster.ObjectOf(shop, "web"), "10.0.0.1/32");
    }
}
