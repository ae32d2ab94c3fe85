using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Configuration;

/// <summary>Changes of the configuration file, without a restart.</summary>
public sealed class ReloadTests(ReloadWorld reload) : IClassFixture<ReloadWorld>
{
    private readonly World _world = reload.World;

    [RealApiServerFact]
    public async Task Cluster_Added_IsWatchedAndTheOthersAreNotTouched()
    {
        await using var others = await _world.NetworkSets.RecordAsync(reload.Steady.Name);
        var (blue, _) = await AddAsync("added", "10.0.0.1");

        Assert.Empty(others.Events);
        Assert.Equal(1, await _world.Program.MetricAsync("kps_lists_total", ("remote_cluster", reload.Steady.Name)));
        await reload.RemoveAsync(blue);
    }

    [RealApiServerFact]
    public async Task Cluster_WithNarrowedCidrs_LosesWhatIsOutside()
    {
        var (blue, shop) = await AddAsync("narrowed", "10.0.0.1", "10.9.0.1");

        await reload.PutAsync(blue, await blue.EntryAsync("allowedCidrs: [10.0.0.0/16]"));
        await _world.WaitForNetsAsync(ReloadWorld.Limit, blue.ObjectOf(shop, "web"), "10.0.0.1/32");

        await reload.PutAsync(blue, await blue.EntryAsync("allowedCidrs: [10.0.0.0/8]"));
        await _world.WaitForNetsAsync(ReloadWorld.Limit, blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.9.0.1/32");
    }

    [RealApiServerFact]
    public async Task Cluster_WithAnotherSelector_HasThePodsThatItSelects()
    {
        var (blue, shop) = await AddAsync("selected", "10.0.0.1");
        var other = blue.Pod(shop, "other-0", "web", "10.0.0.2");
        await blue.Server.Admin.CreatePodAsync(other with { Labels = new Dictionary<string, string>(other.Labels) { ["tier"] = "front" } });
        await _world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "10.0.0.2/32");

        await reload.PutAsync(blue, await blue.EntryAsync($"labelSelector: {blue.Selector},tier=front"));

        await _world.WaitForNetsAsync(ReloadWorld.Limit, blue.ObjectOf(shop, "web"), "10.0.0.2/32");
    }

    [RealApiServerFact]
    public async Task Cluster_Removed_LosesItsSetsAfterTheGracePeriod()
    {
        var (blue, shop) = await AddAsync("removed", "10.0.0.1");

        await reload.RemoveAsync(blue);

        await _world.WaitForNoneAsync(blue.ObjectOf(shop, "web"));
        await _world.Program.WaitForAsync("the cluster is listed no more", async () => await _world.Program.FindClusterAsync(blue.Name) is null);
        await _world.Program.WaitForAsync("its series are gone", async () => await _world.Program.MetricAsync("kps_pods", ("remote_cluster", blue.Name)) is null);
        await _world.WaitForNetsAsync(reload.Steady.ObjectOf(reload.SteadyNamespace, "web"), "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Cluster_RemovedWithRetain_KeepsItsSets()
    {
        var (kept, keptShop) = await AddAsync("kept", "10.0.0.1");
        await reload.PutAsync(kept, await kept.EntryAsync("onRemoval: Retain"));
        await _world.Program.DescribedAsync(_world.NetworkSets.WaitForAsync(kept.ObjectOf(keptShop, "web"), "the mark that it is to stay",
            item => NetworkSets.AnnotationsOf(item).GetValueOrDefault("kube-policy-semaphore/on-removal") == "Retain", ReloadWorld.Limit));
        var (marker, markerShop) = await AddAsync("marker", "10.0.0.2");

        await reload.RemoveAsync(kept);
        await reload.RemoveAsync(marker);

        await _world.WaitForNoneAsync(marker.ObjectOf(markerShop, "web"));
        await _world.WaitForNetsAsync(kept.ObjectOf(keptShop, "web"), "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Cluster_NoLongerADryRun_IsWritten()
    {
        var blue = await _world.AddClusterAsync("dry");
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await reload.PutAsync(blue, await blue.EntryAsync("dryRun: true"));
        await _world.Program.WaitForMetricAsync("kps_nets", 1, ("remote_cluster", blue.Name));
        await _world.Program.WaitForLogAsync(blue.ObjectOf(shop, "web"));
        Assert.Empty(await _world.NetworkSets.ListAsync(blue.Name));

        await reload.PutAsync(blue, await blue.EntryAsync());

        await _world.WaitForNetsAsync(ReloadWorld.Limit, blue.ObjectOf(shop, "web"), "10.0.0.1/32");
    }

    [RealApiServerTheory]
    [InlineData("clusters: [", "config.yaml")]
    [InlineData("", "config.yaml")]
    [InlineData("maxNetPerObject: 3\nclusters: []\n", "maxNetPerObject")]
    [InlineData("clusters:\n- name: a\n  kubeconfig: x\n  allowedCidrs: [10.4.0.0/33]\n", "allowedCidrs[0]")]
    [InlineData("clusters:\n- {name: a, kubeconfig: x}\n- {name: a, kubeconfig: x}\n", "clusters[1] \"a\"")]
    public async Task File_Broken_KeepsTheLastGoodInForce(string text, string told)
    {
        var lines = _world.Program.CountLog(told);
        await _world.WriteConfigAsync(text);
        await _world.Program.WaitForMetricAsync("kps_config_valid", 0);
        await _world.Program.WaitForAsync($"a log line with {told}", () => Task.FromResult(_world.Program.CountLog(told) > lines));

        var shop = await reload.Steady.CreateNamespaceAsync();
        await reload.Steady.RunAsync(shop, "web-0", "web", "10.0.0.3");
        await _world.WaitForNetsAsync(reload.Steady.ObjectOf(shop, "web"), "10.0.0.3/32");
        await _world.WaitForNetsAsync(reload.Steady.ObjectOf(reload.SteadyNamespace, "web"), "10.0.0.1/32");

        await reload.WriteAsync();
        await _world.Program.WaitForMetricAsync("kps_config_valid", 1);
    }

    /// <summary>Adds an entry with a pod per address in the set <c>web</c> of a namespace.</summary>
    private async Task<(RemoteCluster Cluster, string Shop)> AddAsync(string name, params string[] addresses)
    {
        var cluster = await _world.AddClusterAsync(name);
        var shop = await cluster.CreateNamespaceAsync();
        foreach (var (number, address) in addresses.Index())
            await cluster.RunAsync(shop, $"web-{number}", "web", address);
        await reload.PutAsync(cluster, await cluster.EntryAsync());
        await _world.WaitForNetsAsync(ReloadWorld.Limit, cluster.ObjectOf(shop, "web"), [.. addresses.Select(address => $"{address}/32")]);
        return (cluster, shop);
    }
}
