using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Tests;

public sealed class PodsTests
{
    private const string Selected = "labelSelector=uw.systems%2Fnetworksets%3Dtrue";

    [RealApiServerFact]
    public async Task Pod_CreatedReportedAndDeleted_IsSeenByAWatch()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var pod = TestPod.InSet("made", "web-1", "web", "10.1.0.1", "fd00::1");
        await server.Admin.CreateNamespaceAsync(pod.Namespace);
        var pods = $"/api/v1/namespaces/made/pods?{Selected}";

        await server.Admin.CreatePodAsync(pod);
        var seen = (await server.Admin.WaitForAsync(pods, all => all.GetValueOrDefault("made/web-1")?["status"]?["podIP"] is not null))["made/web-1"];
        Assert.Equal(["10.1.0.1", "fd00::1"], seen["status"]!["podIPs"]!.AsArray().Select(ip => ip!["ip"]!.GetValue<string>()));

        await server.Admin.DeletePodAsync(pod);
        await server.Admin.WaitForAsync(pods, all => all.Count == 0);
    }

    [RealApiServerFact]
    public async Task Pods_PutIntoEtcd_AreListedWatchedAndWritable()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-b");
        await server.Admin.CreateNamespaceAsync("seeded");
        var path = $"/api/v1/namespaces/seeded/pods?{Selected}";
        var pods = Enumerable.Range(0, 3_000)
            .Select(i => TestPod.InSet("seeded", $"pod-{i}", $"set-{i % 100}", $"10.2.{i >> 8}.{i & 255}"))
            .ToArray();
        var watched = server.Admin.WaitForAsync(path, all => all.Count == pods.Length);

        await server.Seeder.PutPodsAsync(pods);

        await watched;
        var listed = await server.Admin.ListAsync(path);
        Assert.Equal(pods.SelectMany(pod => pod.Addresses).Order(), listed.Select(pod => pod["status"]!["podIP"]!.GetValue<string>()).Order());
        // The API server can change what it did not write.
        var moved = await server.Admin.ReportAsync(pods[0] with { Addresses = ["10.3.0.1"] });
        Assert.Equal("10.3.0.1", moved["status"]!["podIP"]!.GetValue<string>());

        await server.Seeder.DeletePodsAsync(pods);
        await server.Admin.WaitForAsync(path, all => all.Count == 0);
    }
}
