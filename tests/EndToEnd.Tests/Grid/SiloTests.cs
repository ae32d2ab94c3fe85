using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid;

/// <summary>Silos come, leave, die and stand still while pods change.</summary>
public sealed class SiloTests
{
    private const int Clusters = 6;

    [RealApiServerFact]
    public async Task Silos_ShareTheClusters_AndTellOfTheWholeGrid()
    {
        await using var grid = await GridWorld.CreateAsync();
        await StartThreeAsync(grid);

        foreach (var silo in grid.Silos.Values)
        {
            Assert.Equal(2, await silo.MetricAsync("kps_watchers"));
            await silo.WaitForAsync("it tells of all clusters", async () => (await GridWorld.WatchersAsync(silo)).Values.Distinct().Count() == 3);
        }

        Assert.Contains("silo-0,silo-1,silo-2", await grid.ShowMembersAsync(), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Silo_ThatIsKilled_LosesNoAddress_AndItsClustersAreWatchedAgain()
    {
        await using var grid = await GridWorld.CreateAsync();
        var clusters = await StartThreeAsync(grid);
        await using var record = await grid.World.NetworkSets.RecordAsync("");
        var orphans = await WatchedByAsync(grid, clusters, "silo-1");

        await grid.Silos["silo-1"].KillAsync();
        foreach (var orphan in orphans)
            await orphan.Cluster.RunAsync(orphan.Namespace, "new", "web", "10.9.0.1");

        foreach (var orphan in orphans)
            await grid.Any.DescribedAsync(grid.World.NetworkSets.WaitForNetsAsync(orphan.Object, ["10.0.0.1/32", "10.9.0.1/32"]));
        await grid.WaitForSharesAsync(3, "silo-0", "silo-2");
        AssertNothingLost(record, clusters);
    }

    [RealApiServerFact]
    public async Task Silo_ThatIsToldToLeave_HandsItsClustersOver()
    {
        await using var grid = await GridWorld.CreateAsync();
        var clusters = await StartThreeAsync(grid);
        await using var record = await grid.World.NetworkSets.RecordAsync("");
        var moved = await WatchedByAsync(grid, clusters, "silo-1");

        var left = grid.Silos["silo-1"].TerminateAsync();
        foreach (var one in moved)
            await one.Cluster.RunAsync(one.Namespace, "new", "web", "10.9.0.1");

        Assert.Equal(0, await left);
        foreach (var one in moved)
            await grid.Any.DescribedAsync(grid.World.NetworkSets.WaitForNetsAsync(one.Object, ["10.0.0.1/32", "10.9.0.1/32"]));
        await grid.WaitForSharesAsync(3, "silo-0", "silo-2");
        AssertNothingLost(record, clusters);
    }

    [RealApiServerFact]
    public async Task Silo_ThatJoins_TakesItsShare()
    {
        await using var grid = await GridWorld.CreateAsync();
        var clusters = await ConfigureAsync(grid);
        await grid.StartAsync("silo-0", "silo-1");
        await grid.WaitForSharesAsync(3, "silo-0", "silo-1");
        await using var record = await grid.World.NetworkSets.RecordAsync("");

        await grid.StartAsync("silo-2");

        await grid.WaitForSharesAsync(2, "silo-0", "silo-1", "silo-2");
        await clusters[0].Cluster.RunAsync(clusters[0].Namespace, "marker", "marker", "10.9.0.9");
        await record.WaitForAsync(clusters[0].Cluster.ObjectOf(clusters[0].Namespace, "marker"));
        // The new watchers found everything as it should be.
        Assert.DoesNotContain(record.Events, one => clusters.Any(cluster => cluster.Object == one.Name));
    }

    [RealApiServerFact]
    public async Task Silo_ThatStoodStill_PutsNoDeadAddressBack()
    {
        await using var grid = await GridWorld.CreateAsync();
        var clusters = await StartThreeAsync(grid);
        var orphans = await WatchedByAsync(grid, clusters, "silo-1");

        var stopped = grid.Silos["silo-1"];
        await stopped.FreezeAsync();
        await grid.Silos["silo-0"].WaitForAsync("the others have its clusters", async () =>
            !(await GridWorld.WatchersAsync(grid.Silos["silo-0"])).ContainsValue("silo-1"), TimeSpan.FromSeconds(60));
        foreach (var orphan in orphans)
        {
            await orphan.Cluster.Server.Admin.DeletePodAsync(orphan.Cluster.Pod(orphan.Namespace, "web-0", "web", "10.0.0.1"));
            await grid.Any.DescribedAsync(grid.World.NetworkSets.WaitForNoneAsync(orphan.Object));
        }

        await using var record = await grid.World.NetworkSets.RecordAsync("");
        stopped.Resume();

        // Declared dead it ends by itself, and Kubernetes starts it anew.
        await stopped.WaitForExitAsync();
        await grid.StartAsync("silo-1");
        await grid.WaitForSharesAsync(2, "silo-0", "silo-1", "silo-2");
        Assert.True(record.Events.All(one => orphans.All(orphan => orphan.Object != one.Name)), $"{string.Join('\n', record.Events)}\n{stopped.Log}");
    }

    [RealApiServerFact]
    public async Task Silos_KilledAllAtOnce_StartAgainAndWriteNothing()
    {
        await using var grid = await GridWorld.CreateAsync();
        var clusters = await StartThreeAsync(grid);
        await using var record = await grid.World.NetworkSets.RecordAsync("");

        foreach (var silo in grid.Silos.Values)
            await silo.KillAsync();
        // At other ports: the dead ones cannot be told by their addresses.
        await grid.StartAsync("silo-0", "silo-1", "silo-2");

        await grid.WaitForSharesAsync(2, "silo-0", "silo-1", "silo-2");
        await clusters[0].Cluster.RunAsync(clusters[0].Namespace, "marker", "marker", "10.9.0.9");
        await record.WaitForAsync(clusters[0].Cluster.ObjectOf(clusters[0].Namespace, "marker"));
        Assert.DoesNotContain(record.Events, one => clusters.Any(cluster => cluster.Object == one.Name));
    }

    [RealApiServerFact]
    public async Task Silos_WithTls_FormAGridThatAStrangerCannotJoin()
    {
        await using var grid = await GridWorld.CreateAsync();
        await ConfigureAsync(grid);
        using var ours = new CertificateAuthority("silos");
        using var theirs = new CertificateAuthority("strangers");
        await grid.StartSiloAsync("silo-0", $"--silo-tls-dir={WriteCertificate(grid, "silo-0", ours)}");
        await grid.StartSiloAsync("silo-1", $"--silo-tls-dir={WriteCertificate(grid, "silo-1", ours)}");
        foreach (var silo in grid.Silos.Values)
            await silo.DescribedAsync(silo.WaitUntilReadyAsync());
        await grid.WaitForSharesAsync(3, "silo-0", "silo-1");

        var stranger = await grid.StartSiloAsync("stranger", $"--silo-tls-dir={WriteCertificate(grid, "stranger", theirs)}");

        // Its handshake is refused, so it cannot prove that it reaches the others and does not get to be active.
        await grid.Silos["silo-0"].WaitForLogAsync("Authentication failed");
        await grid.WaitForSharesAsync(3, "silo-0", "silo-1");
        Assert.NotEqual("Active", await StatusOfAsync(grid, "stranger"));
        Assert.False(stranger.HasExited && stranger.Log.Contains("silo runs", StringComparison.Ordinal));
    }

    private static async Task<string?> StatusOfAsync(GridWorld grid, string silo) =>
        (await grid.MembershipAsync())["status"]!["members"]!.AsObject().Select(member => member.Value!)
        .FirstOrDefault(member => member["silo"]!.GetValue<string>() == silo)?["status"]!.GetValue<string>();

    private static string WriteCertificate(GridWorld grid, string silo, CertificateAuthority authority)
    {
        var folder = Directory.CreateDirectory(grid.World.PathOf($"tls-{silo}")).FullName;
        var certificate = authority.IssuePeer("kube-policy-semaphore");
        File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.Certificate);
        File.WriteAllText(Path.Combine(folder, "tls.key"), certificate.Key);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), authority.Pem);
        return folder;
    }

    /// <summary>Three silos that share <see cref="ConfigureAsync"/>'s clusters evenly.</summary>
    private static async Task<List<WatchedCluster>> StartThreeAsync(GridWorld grid)
    {
        var clusters = await ConfigureAsync(grid);
        await grid.StartAsync("silo-0", "silo-1", "silo-2");
        await grid.WaitForSharesAsync(2, "silo-0", "silo-1", "silo-2");
        return clusters;
    }

    /// <summary>Clusters with one pod each.</summary>
    private static async Task<List<WatchedCluster>> ConfigureAsync(GridWorld grid)
    {
        var clusters = new List<WatchedCluster>();
        var entries = new List<string>();
        for (var i = 0; i < Clusters; i++)
        {
            var cluster = await grid.World.AddClusterAsync($"c{i}");
            var ns = await cluster.CreateNamespaceAsync();
            await cluster.RunAsync(ns, "web-0", "web", "10.0.0.1");
            clusters.Add(new(cluster, ns));
            entries.Add(await cluster.EntryAsync());
        }

        await grid.World.ConfigureAsync("", [.. entries]);
        return clusters;
    }

    private static async Task<List<WatchedCluster>> WatchedByAsync(GridWorld grid, List<WatchedCluster> clusters, string silo)
    {
        var watchers = await GridWorld.WatchersAsync(grid.Any);
        return [.. clusters.Where(cluster => watchers[cluster.Cluster.Name] == silo)];
    }

    private static void AssertNothingLost(NetworkSetRecorder record, List<WatchedCluster> clusters) =>
        Assert.DoesNotContain(record.Events, one =>
            clusters.Any(cluster => cluster.Object == one.Name) && (one.Type == "DELETED" || !one.Nets.Contains("10.0.0.1/32")));

    private sealed record WatchedCluster(RemoteCluster Cluster, string Namespace)
    {
        public string Object => Cluster.ObjectOf(Namespace, "web");
    }
}
