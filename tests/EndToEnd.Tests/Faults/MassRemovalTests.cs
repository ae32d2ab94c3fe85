using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.EndToEnd.Tests.Faults;

/// <summary>A list that takes away more than half of a cluster's addresses, and at least 20.</summary>
public sealed class MassRemovalTests
{
    private const int Pods = 40;
    private const int Kept = 15;

    // A list that is held is asked for again after 30 s.
    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(45);

    [RealApiServerFact]
    public async Task MassRemoval_SeenAtTheStart_IsHeldUntilThePodsComeBack()
    {
        await using var world = await World.CreateAsync();
        var (blue, shop, pods) = await WrittenAsync(world, "massRemovalHold: 5m");
        await using var recorder = await world.NetworkSets.RecordAsync(blue.Name);
        await blue.Server.Seeder.DeletePodsAsync(pods.Skip(Kept));

        await world.StartAsync();
        await world.Program.WaitForStateAsync(blue.Name, "Holding");
        Assert.Equal(1, world.Program.CountLog(blue.Name, "would take away"));

        await blue.Server.Seeder.PutPodsAsync(pods.Skip(Kept));
        await blue.RunAsync(shop, "marker", "marker", "10.0.0.200");
        await world.WaitForNetsAsync(ReleaseLimit, blue.ObjectOf(shop, "marker"), "10.0.0.200/32");
        await recorder.WaitForAsync(blue.ObjectOf(shop, "marker"));
        Assert.Equal([blue.ObjectOf(shop, "marker")], recorder.Events.Select(change => change.Name).Distinct());
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
    }

    [RealApiServerFact]
    public async Task MassRemoval_SeenAtTheStart_IsAppliedAfterTheHold()
    {
        await using var world = await World.CreateAsync();
        var (blue, shop, pods) = await WrittenAsync(world, "massRemovalHold: 5s");
        await blue.Server.Seeder.DeletePodsAsync(pods.Skip(Kept));

        await world.StartAsync();
        await world.Program.WaitForStateAsync(blue.Name, "Holding");
        Assert.Equal(Pods, NetworkSets.NetsOf(await world.NetworkSets.GetAsync(blue.ObjectOf(shop, "web"))).Length);

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), Nets(pods.Take(Kept)));
    }

    [RealApiServerFact]
    public async Task MassRemoval_SeenAsEvents_IsNotHeld()
    {
        await using var world = await World.CreateAsync();
        var (blue, shop, pods) = await WrittenAsync(world, "massRemovalHold: 5m");
        await world.StartAsync();
        await world.Program.WaitForStateAsync(blue.Name, "Synced");

        await blue.Server.Seeder.DeletePodsAsync(pods.Skip(Kept));

        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), Nets(pods.Take(Kept)));
    }

    /// <summary>A world with a set of 40 pods that is written, and no program that runs.</summary>
    private static async Task<(RemoteCluster Blue, string Shop, IReadOnlyList<TestPod> Pods)> WrittenAsync(World world, string field)
    {
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        var pods = Enumerable.Range(1, Pods).Select(pod => blue.Pod(shop, $"web-{pod}", "web", $"10.0.0.{pod}")).ToList();
        await blue.Server.Seeder.PutPodsAsync(pods);
        await world.ConfigureAsync("", await blue.EntryAsync(field));
        await world.StartAsync();
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), Nets(pods));
        await world.Program.KillAsync();
        return (blue, shop, pods);
    }

    private static string[] Nets(IEnumerable<TestPod> pods) =>
        [.. pods.Select(pod => $"{pod.Addresses[0]}/32").Order(StringComparer.Ordinal)];
}
