using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Ownership;

/// <summary>Objects that stand under our names: whose they are, and what becomes of them.</summary>
[Collection(StandingWorld.Collection)]
public sealed class OwnershipTests(StandingWorld standing)
{
    // INTERFACE, section 2: "a refused name or object is tried again within 60 s".
    private static readonly TimeSpan RetryLimit = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Nothing = [];

    private readonly World _world = standing.World;
    private readonly RemoteCluster _blue = standing.Blue;

    [RealApiServerFact]
    public async Task ForeignObject_UnderOurName_IsUntouchedAndTakenOverOnceItIsGone()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = _blue.ObjectOf(shop, "web");
        var foreign = await _world.NetworkSets.CreateAsync(name, new Dictionary<string, string> { ["team"] = "others" }, Nothing, "192.168.0.0/16");

        await _blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await RefusedAsync("ForeignObject", 1);
        await MarkerAsync(shop);
        await StandsAsync(foreign);

        await _world.NetworkSets.DeleteAsync(name);
        await _world.WaitForNetsAsync(RetryLimit, name, "10.0.0.1/32");
        await RefusedAsync("ForeignObject", 0);
    }

    [RealApiServerFact]
    public async Task ForeignObject_WhosePodsAreGone_IsNotDeleted()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = _blue.ObjectOf(shop, "web");
        var foreign = await _world.NetworkSets.CreateAsync(name, Nothing, Nothing, "192.168.0.0/16");
        var pod = await _blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await RefusedAsync("ForeignObject", 1);

        await _blue.Server.Admin.DeletePodAsync(pod);
        await RefusedAsync("ForeignObject", 0);
        await MarkerAsync(shop);

        await StandsAsync(foreign);
    }

    [RealApiServerFact]
    public async Task Object_OfAnotherGrid_IsUntouched()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = _blue.ObjectOf(shop, "web");
        var other = await _world.NetworkSets.CreateAsync(
            name, Labels(shop, "web"), new Dictionary<string, string> { ["kube-policy-semaphore/owner"] = "another-grid" }, "10.0.0.7/32");

        await _blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await RefusedAsync("ForeignObject", 1);
        await MarkerAsync(shop);
        await StandsAsync(other);

        await _world.NetworkSets.DeleteAsync(name);
        await _world.WaitForNetsAsync(RetryLimit, name, "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Object_OfTheOlderOperatorWithoutPods_Goes()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = _blue.ObjectOf(shop, "web");
        await _world.NetworkSets.CreateAsync(name, Labels(shop, "web"), Nothing, "10.0.0.1/32");

        await _world.WaitForNoneAsync(name);
    }

    [RealApiServerFact]
    public async Task Object_OfTheOlderOperatorForAnotherCluster_IsUntouched()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = $"un{_blue.ObjectOf(shop, "web")}";
        var other = await _world.NetworkSets.CreateAsync(
            name, new Dictionary<string, string>(Labels(shop, "web")) { ["remote-cluster-name"] = $"un{_blue.Name}" }, Nothing, "10.0.0.1/32");

        await MarkerAsync(shop);

        await StandsAsync(other);
    }

    [RealApiServerFact]
    public async Task Names_ThatMakeTheSameObject_AreNeverMixed()
    {
        var shop = await _blue.CreateNamespaceAsync();
        await _blue.Server.Admin.CreateNamespaceAsync($"{shop}-b");
        var name = _blue.ObjectOf($"{shop}-b", "c");
        var first = await _blue.RunAsync($"{shop}-b", "web-0", "c", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await _blue.RunAsync(shop, "web-0", "b-c", "10.0.0.2");
        await RefusedAsync("NameConflict", 1);
        await MarkerAsync(shop);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await _blue.Server.Admin.DeletePodAsync(first);
        await _world.WaitForNetsAsync(RetryLimit, name, "10.0.0.2/32");
        var labels = NetworkSets.LabelsOf(await _world.NetworkSets.GetAsync(name));
        Assert.Equal((shop, "b-c"), (labels["namespace"], labels["name"]));
        await RefusedAsync("NameConflict", 0);
    }

    private Dictionary<string, string> Labels(string shop, string set) => new()
    {
        ["managed-by"] = "calico-global-network-sync-operator",
        ["name"] = set,
        ["namespace"] = shop,
        ["remote-cluster-name"] = _blue.Name,
    };

    private Task RefusedAsync(string reason, double count) =>
        _world.Program.WaitForMetricAsync("kps_nets_refused", count, ("remote_cluster", _blue.Name), ("reason", reason));

    /// <summary>Once a later set is written, what was to be written before it has been.</summary>
    private async Task MarkerAsync(string shop)
    {
        await _blue.RunAsync(shop, "marker", "marker", "10.0.0.200");
        await _world.WaitForNetsAsync(_blue.ObjectOf(shop, "marker"), "10.0.0.200/32");
    }

    private async Task StandsAsync(JsonObject before)
    {
        var now = await _world.NetworkSets.GetAsync(NetworkSets.NameOf(before));
        Assert.Equal((NetworkSets.UidOf(before), NetworkSets.VersionOf(before)), (NetworkSets.UidOf(now), NetworkSets.VersionOf(now)));
    }
}
