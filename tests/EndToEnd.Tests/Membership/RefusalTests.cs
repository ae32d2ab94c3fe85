using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Membership;

/// <summary>Pods and addresses that are refused: told of in the log once, counted, and nothing written.</summary>
[Collection(StandingWorld.Collection)]
public sealed class RefusalTests(StandingWorld standing)
{
    private readonly World _world = standing.World;

    [RealApiServerTheory]
    [InlineData(null, "NoSetName")]
    [InlineData("", "NoSetName")]
    [InlineData("Web", "InvalidSetName")]
    [InlineData("web_1", "InvalidSetName")]
    [InlineData("-web", "InvalidSetName")]
    [InlineData("..", "InvalidSetName")]
    [InlineData("w\u00e9b", "InvalidSetName")]
    [InlineData("web.shard-1", "InvalidSetName")]
    [InlineData("a123456789012345678901234567890123456789012345678901234567890123", "InvalidSetName")]
    public async Task Pod_WithAnUnusableSetName_IsSkippedAndToldOfOnce(string? set, string reason)
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        var before = await SkippedAsync(standing.Blue, reason);
        var pod = standing.Blue.Pod(shop, "bad-0", set ?? "", "10.0.0.1");
        if (set is null)
            pod = pod with { Annotations = new Dictionary<string, string>() };
        await standing.Blue.Server.Admin.CreatePodAsync(pod);
        await _world.Program.WaitForMetricAsync("kps_pods_skipped", before + 1, ("remote_cluster", standing.Blue.Name), ("reason", reason));
        await _world.Program.WaitForLogAsync(shop, "bad-0", reason);

        // The pod is seen again: with another address, and once more as it is.
        await standing.Blue.Server.Admin.ReportAsync(pod with { Addresses = ["10.0.0.2"] });
        await standing.Blue.PatchMetadataAsync(pod, "annotations", "note", "changed");
        await standing.Blue.RunAsync(shop, "marker", "web", "10.0.0.200");
        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "web"), "10.0.0.200/32");

        Assert.Equal(1, _world.Program.CountLog(shop, "bad-0"));
        Assert.Single(await _world.NetworkSets.ListAsync($"{standing.Blue.Name}-{shop}"));
        await _world.Program.WaitForAsync($"the status counts {before + 1} pods skipped as {reason}", async () =>
            (await _world.Program.FindClusterAsync(standing.Blue.Name))!["skipped"]![reason]?.GetValue<double>() == before + 1);

        await standing.Blue.Server.Admin.DeletePodAsync(pod);
        await _world.Program.WaitForMetricAsync("kps_pods_skipped", before, ("remote_cluster", standing.Blue.Name), ("reason", reason));
    }

    [RealApiServerFact]
    public async Task Pod_WhoseUnusableSetNameIsCorrected_IsAMember()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        var pod = await standing.Blue.RunAsync(shop, "bad-0", "Web", "10.0.0.1");
        await _world.Program.WaitForLogAsync(shop, "bad-0", "InvalidSetName");

        await standing.Blue.PatchMetadataAsync(pod, "annotations", "uw.systems/networkset-name", "web");

        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "web"), "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Pod_WithASetNameOf63Characters_IsAMember()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        var longest = new string('a', 63);
        await standing.Blue.RunAsync(shop, "web-0", longest, "10.0.0.1");

        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, longest), "10.0.0.1/32");
    }

    [RealApiServerTheory]
    [InlineData("0.0.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    public async Task Address_ThatIsNoHosts_IsRefused(string address)
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        await RefusesAsync(standing.Blue, shop, address, "InvalidAddress");
    }

    [RealApiServerTheory]
    [InlineData("10.5.0.1")]
    [InlineData("fd00:10:5::1")]
    public async Task Address_OutsideTheAllowedCidrs_IsRefused(string address)
    {
        var shop = await standing.Fenced.CreateNamespaceAsync();
        await RefusesAsync(standing.Fenced, shop, address, "OutsideAllowedCidrs");
    }

    [RealApiServerFact]
    public async Task Address_OutsideTheAllowedCidrs_TakesNotAlongThePodsOther()
    {
        var shop = await standing.Fenced.CreateNamespaceAsync();
        await standing.Fenced.RunAsync(shop, "web-0", "web", "10.4.0.1", "fd00:10:5::1");

        await _world.WaitForNetsAsync(standing.Fenced.ObjectOf(shop, "web"), "10.4.0.1/32");
        await _world.Program.WaitForLogAsync(shop, "web-0", "OutsideAllowedCidrs", "fd00:10:5::1");
    }

    [RealApiServerFact]
    public async Task Set_BeyondMaxSets_IsRefusedUntilThereIsRoom()
    {
        var shop = await standing.FewSets.CreateNamespaceAsync();
        var first = await standing.FewSets.RunAsync(shop, "one-0", "one", "10.0.0.1");
        await standing.FewSets.RunAsync(shop, "two-0", "two", "10.0.0.2");
        await _world.WaitForNetsAsync(standing.FewSets.ObjectOf(shop, "one"), "10.0.0.1/32");
        await _world.WaitForNetsAsync(standing.FewSets.ObjectOf(shop, "two"), "10.0.0.2/32");

        await standing.FewSets.RunAsync(shop, "three-0", "three", "10.0.0.3");
        await QuotaIsToldAsync(standing.FewSets);
        Assert.Equal(2, (await _world.NetworkSets.ListAsync(standing.FewSets.Name)).Count);

        await standing.FewSets.Server.Admin.DeletePodAsync(first);
        await _world.WaitForNoneAsync(standing.FewSets.ObjectOf(shop, "one"));
        await _world.WaitForNetsAsync(standing.FewSets.ObjectOf(shop, "three"), "10.0.0.3/32");
    }

    [RealApiServerFact]
    public async Task Net_BeyondMaxNets_IsRefusedUntilThereIsRoom()
    {
        var shop = await standing.FewNets.CreateNamespaceAsync();
        var name = standing.FewNets.ObjectOf(shop, "web");
        var first = await standing.FewNets.RunAsync(shop, "web-1", "web", "10.0.0.1");
        await standing.FewNets.RunAsync(shop, "web-2", "web", "10.0.0.2");
        await standing.FewNets.RunAsync(shop, "web-3", "web", "10.0.0.3");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", "10.0.0.2/32", "10.0.0.3/32");

        await standing.FewNets.RunAsync(shop, "web-4", "web", "10.0.0.4");
        await QuotaIsToldAsync(standing.FewNets);
        Assert.Equal(3, NetworkSets.NetsOf(await _world.NetworkSets.GetAsync(name)).Length);

        await standing.FewNets.Server.Admin.DeletePodAsync(first);
        await _world.WaitForNetsAsync(name, "10.0.0.2/32", "10.0.0.3/32", "10.0.0.4/32");
    }

    private async Task RefusesAsync(RemoteCluster cluster, string shop, string address, string reason)
    {
        var before = await RefusedAsync(cluster, reason);
        var pod = await cluster.RunAsync(shop, "web-0", "web", address);
        await cluster.RunAsync(shop, "marker", "web", "10.4.0.200");

        await _world.WaitForNetsAsync(cluster.ObjectOf(shop, "web"), "10.4.0.200/32");
        await _world.Program.WaitForMetricAsync("kps_nets_refused", before + 1, ("remote_cluster", cluster.Name), ("reason", reason));
        await _world.Program.WaitForLogAsync(shop, "web-0", reason, address);

        await cluster.Server.Admin.DeletePodAsync(pod);
        await _world.Program.WaitForMetricAsync("kps_nets_refused", before, ("remote_cluster", cluster.Name), ("reason", reason));
    }

    private Task QuotaIsToldAsync(RemoteCluster cluster) =>
        _world.Program.WaitForMetricAsync("kps_nets_refused", 1, ("remote_cluster", cluster.Name), ("reason", "Quota"));

    private async Task<double> SkippedAsync(RemoteCluster cluster, string reason) =>
        await _world.Program.MetricAsync("kps_pods_skipped", ("remote_cluster", cluster.Name), ("reason", reason)) ?? double.NaN;

    private async Task<double> RefusedAsync(RemoteCluster cluster, string reason) =>
        await _world.Program.MetricAsync("kps_nets_refused", ("remote_cluster", cluster.Name), ("reason", reason)) ?? double.NaN;
}
