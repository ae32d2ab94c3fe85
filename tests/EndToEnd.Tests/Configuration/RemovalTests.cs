using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Configuration;

/// <summary>Clusters that leave the configuration, and the grace period across restarts.</summary>
public sealed class RemovalTests
{
    private const string Started = "kube-policy-semaphore/removal-started";

    [RealApiServerFact]
    public async Task Cluster_ThatLeftWhileNothingRan_LosesItsSetsAfterTheGracePeriod()
    {
        await using var world = await World.CreateAsync();
        var (blue, green) = (await world.AddClusterAsync("blue"), await world.AddClusterAsync("green", "remote-b"));
        var (blueObject, greenObject) = (await RunPodAsync(blue), await RunPodAsync(green));
        await world.ConfigureAsync("removalGracePeriod: 2s", await blue.EntryAsync(), await green.EntryAsync());
        await world.StartAsync();
        await world.WaitForNetsAsync(blueObject, "10.0.0.1/32");
        await world.WaitForNetsAsync(greenObject, "10.0.0.1/32");
        Assert.Equal(0, await world.Program.TerminateAsync());

        await world.ConfigureAsync("removalGracePeriod: 2s", await green.EntryAsync());
        await world.StartAsync();

        await world.WaitForNoneAsync(blueObject);
        await world.WaitForNetsAsync(greenObject, "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task GracePeriod_AcrossARestart_IsCountedFromItsStart()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var name = await RunPodAsync(blue);
        await world.ConfigureAsync("removalGracePeriod: 1h", await blue.EntryAsync());
        await world.StartAsync();
        await world.WaitForNetsAsync(name, "10.0.0.1/32");

        await world.ConfigureAsync("removalGracePeriod: 1h");
        var started = StartOf(await world.Program.DescribedAsync(world.NetworkSets.WaitForAsync(name, Started, item => StartOf(item) is not null)));
        await world.Program.WaitForStateAsync(blue.Name, "Removing");
        Assert.Equal(0, await world.Program.TerminateAsync());

        await world.StartAsync();
        await world.Program.WaitForStateAsync(blue.Name, "Removing");
        Assert.Equal(started, StartOf(await world.NetworkSets.GetAsync(name)));
        Assert.Equal(0, await world.Program.TerminateAsync());

        // As if nothing had run for two hours.
        var earlier = TimeProvider.System.GetUtcNow().AddHours(-2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        await world.NetworkSets.PatchAsync(name, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Started] = earlier } } });
        await world.StartAsync();
        await world.WaitForNoneAsync(name);
    }

    [RealApiServerFact]
    public async Task Cluster_ThatComesBackWithinTheGracePeriod_LosesNothing()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var name = await RunPodAsync(blue);
        await world.ConfigureAsync("removalGracePeriod: 1h", await blue.EntryAsync());
        await world.StartAsync();
        await world.WaitForNetsAsync(name, "10.0.0.1/32");
        await using var recorder = await world.NetworkSets.RecordAsync(name);

        await world.ConfigureAsync("removalGracePeriod: 1h");
        await world.NetworkSets.WaitForAsync(name, Started, item => StartOf(item) is not null);
        await world.ConfigureAsync("removalGracePeriod: 1h", await blue.EntryAsync());

        // The start must go, or the next removal would count from it.
        await world.Program.DescribedAsync(world.NetworkSets.WaitForAsync(name, $"no {Started}", item => StartOf(item) is null));
        await world.Program.WaitForStateAsync(blue.Name, "Synced");
        await world.Program.WaitForAsync("both writes were seen", () => Task.FromResult(recorder.Events.Count >= 2));
        Assert.All(recorder.Events, change => Assert.Equal(("MODIFIED", "10.0.0.1/32"), (change.Type, string.Join(' ', change.Nets))));
    }

    [RealApiServerFact]
    public async Task Cluster_ThatLeftWithRetainWhileNothingRan_KeepsItsSets()
    {
        await using var world = await World.CreateAsync();
        var (blue, marker) = (await world.AddClusterAsync("blue"), await world.AddClusterAsync("marker"));
        var (name, markerName) = (await RunPodAsync(blue), await RunPodAsync(marker));
        await world.ConfigureAsync("removalGracePeriod: 1s", await blue.EntryAsync("onRemoval: Retain"), await marker.EntryAsync());
        await world.StartAsync();
        await world.WaitForNetsAsync(name, "10.0.0.1/32");
        await world.WaitForNetsAsync(markerName, "10.0.0.1/32");
        Assert.Equal(0, await world.Program.TerminateAsync());

        await world.ConfigureAsync("removalGracePeriod: 1s");
        await world.StartAsync();

        await world.WaitForNoneAsync(markerName);
        await world.WaitForNetsAsync(name, "10.0.0.1/32");
    }

    private static async Task<string> RunPodAsync(RemoteCluster cluster)
    {
        var shop = await cluster.CreateNamespaceAsync();
        await cluster.RunAsync(shop, "web-0", "web", "10.0.0.1");
        return cluster.ObjectOf(shop, "web");
    }

    private static string? StartOf(JsonObject item) => NetworkSets.AnnotationsOf(item).GetValueOrDefault(Started);
}
