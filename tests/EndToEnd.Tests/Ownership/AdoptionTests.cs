using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Ownership;

/// <summary>What an older operator left is taken over, not made anew: policies must not lose an address meanwhile.</summary>
public sealed class AdoptionTests
{
    [RealApiServerFact]
    public async Task Objects_OfTheOlderOperator_AreAdoptedAndCorrected()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1", "fd00::1");
        await blue.RunAsync(shop, "api-0", "api", "10.0.0.2");
        // It wrote every address with /32, unsorted, and without a mark.
        var web = await LeaveAsync(world, blue, shop, "web", "fd00::1/32", "10.0.0.99/32", "10.0.0.1/32");
        var api = await LeaveAsync(world, blue, shop, "api", "10.0.0.2/32");
        await LeaveAsync(world, blue, shop, "gone", "10.0.0.3/32");
        await using var recorder = await world.NetworkSets.RecordAsync(blue.Name);
        await world.ConfigureAsync("", await blue.EntryAsync());
        await world.StartAsync();

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32", "fd00::1/128");
        await world.WaitForNoneAsync(blue.ObjectOf(shop, "gone"));
        await IsAdoptedAsync(world, web);
        await IsAdoptedAsync(world, api);
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
        Assert.All(recorder.Of(blue.ObjectOf(shop, "web")), change => Assert.Contains("10.0.0.1/32", change.Nets));
        Assert.All(recorder.Of(blue.ObjectOf(shop, "api")), change => Assert.Equal(("MODIFIED", "10.0.0.2/32"), (change.Type, change.Nets.Single())));
    }

    private static async Task<(string Name, string Uid)> LeaveAsync(World world, RemoteCluster cluster, string shop, string set, params string[] nets)
    {
        var labels = new Dictionary<string, string>
        {
            ["managed-by"] = "calico-global-network-sync-operator",
            ["name"] = set,
            ["namespace"] = shop,
            ["remote-cluster-name"] = cluster.Name,
        };
        var name = cluster.ObjectOf(shop, set);
        return (name, NetworkSets.UidOf(await world.NetworkSets.CreateAsync(name, labels, new Dictionary<string, string>(), nets)));
    }

    private static async Task IsAdoptedAsync(World world, (string Name, string Uid) left)
    {
        var adopted = await world.Program.DescribedAsync(world.NetworkSets.WaitForAsync(left.Name, "our mark",
            item => NetworkSets.AnnotationsOf(item).GetValueOrDefault("kube-policy-semaphore/owner") == world.ServiceId));
        Assert.Equal(left.Uid, NetworkSets.UidOf(adopted));
    }
}
