using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Contract;

/// <summary>Sets too large for one object.</summary>
public sealed class ShardTests
{
    [RealApiServerFact]
    public async Task Set_BeyondMaxNetsPerObject_GoesOnInFurtherObjects()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        var pods = Enumerable.Range(1, 7).Select(pod => blue.Pod(shop, $"web-{pod}", "web", $"10.0.0.{pod}")).ToList();
        await blue.Server.Seeder.PutPodsAsync(pods);
        await world.ConfigureAsync("maxNetsPerObject: 3", await blue.EntryAsync());
        await world.StartAsync();
        var name = blue.ObjectOf(shop, "web");
        await AllStandAsync(world, name, 7);

        foreach (var (number, one) in new[] { name, $"{name}.shard-1", $"{name}.shard-2" }.Index())
        {
            var written = await world.NetworkSets.GetAsync(one);
            Assert.InRange(NetworkSets.NetsOf(written).Length, 1, 3);
            var labels = new Dictionary<string, string>
            {
                ["managed-by"] = "calico-global-network-sync-operator",
                ["name"] = "web",
                ["namespace"] = shop,
                ["remote-cluster-name"] = blue.Name,
            };
            if (number > 0)
                labels["kube-policy-semaphore/shard"] = $"{number}";
            Assert.Equal(labels, NetworkSets.LabelsOf(written));
        }

        // An address stays in the object it is in; an object that has become empty goes.
        var middle = NetworkSets.NetsOf(await world.NetworkSets.GetAsync($"{name}.shard-1"));
        await blue.Server.Seeder.DeletePodsAsync(pods.Where(pod => middle.Contains($"{pod.Addresses[0]}/32")));
        await world.WaitForNoneAsync($"{name}.shard-1");
        await AllStandAsync(world, name, 7 - middle.Length);
        Assert.NotNull(await world.NetworkSets.TryGetAsync($"{name}.shard-2"));

        var sets = (await world.Program.ApiAsync($"/api/v1/sets?cluster={blue.Name}&namespace={shop}&name=web"))["sets"]!.AsArray();
        Assert.Equal([name, $"{name}.shard-2"], Assert.Single(sets)!["objects"]!.AsArray().Select(one => one!.GetValue<string>()));
    }

    private static Task AllStandAsync(World world, string name, int nets) =>
        world.Program.WaitForAsync($"{nets} different nets", async () =>
        {
            var all = (await world.NetworkSets.ListAsync(name)).SelectMany(NetworkSets.NetsOf).ToList();
            return all.Count == nets && all.Distinct().Count() == nets;
        });
}
