using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;
using KubePolicySemaphore.Kubernetes.Tests.Http;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

public sealed class PodReflectorRealServerTests
{
    private const string Canary = "canary-81b7e2";

    [RealApiServerFact]
    public async Task Pods_CreatedChangedAndDeleted_AreFollowed()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        await server.Admin.CreateNamespaceAsync("follow");
        var before = TestPod.InSet("follow", "before", "web", "10.1.0.1", "fd00::1");
        await server.Admin.CreatePodAsync(before);
        await using var reflector = new RunningReflector(await RunningReflector.EntryAsync(server) with { Namespaces = ["follow"] });
        await reflector.UntilAsync("the listed pod is there", sink => sink.Pods.GetValueOrDefault("follow/before") == "10.1.0.1,fd00::1");

        var after = TestPod.InSet("follow", "after", "web", "10.1.0.2");
        await server.Admin.CreatePodAsync(after);
        await reflector.UntilAsync("the new pod is there", sink => sink.Pods.GetValueOrDefault("follow/after") == "10.1.0.2");
        await server.Admin.ReportAsync(after with { Addresses = ["10.1.0.3"] });
        await reflector.UntilAsync("its new address is there", sink => sink.Pods["follow/after"] == "10.1.0.3");
        await server.Admin.RelabelAsync(before with { Labels = new Dictionary<string, string> { ["uw.systems/networksets"] = "false" } });
        await server.Admin.DeletePodAsync(after);
        await reflector.UntilAsync("both are gone", sink => sink.Pods.Count == 0);

        Assert.Equal(1, reflector.Sink.Replaces);
    }

    [RealApiServerFact]
    public async Task List_WithoutAnyPod_IsAnEmptyList()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        await server.Admin.CreateNamespaceAsync("empty");
        await using var reflector = new RunningReflector(await RunningReflector.EntryAsync(server) with { Namespaces = ["empty"] });

        await reflector.UntilAsync("the list is applied", sink => sink.Replaces == 1);

        Assert.Empty(reflector.Sink.Pods);
        Assert.Empty(reflector.Sink.Told<PodSourceReport.Failed>());
    }

    [RealApiServerFact]
    public async Task List_OfManyPages_IsComplete()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-b");
        await server.Admin.CreateNamespaceAsync("many");
        var pods = Enumerable.Range(0, 12_000).Select(i => TestPod.InSet("many", $"pod-{i}", "web", $"10.2.{i >> 8}.{i & 255}"));
        await server.Seeder.PutPodsAsync(pods);
        await using var reflector = new RunningReflector(await RunningReflector.EntryAsync(server) with { Namespaces = ["many"] });

        await reflector.UntilAsync("all are there", sink => sink.Pods.Count == 12_000);

        Assert.Equal(3, Assert.Single(reflector.Sink.Told<PodSourceReport.ListCompleted>()).Pages);
    }

    [RealApiServerFact]
    public async Task Watch_AfterCompactionAndRestart_RelistsAndMissesNothing()
    {
        await using var servers = new RealApiServers();
        var server = await servers.GetAsync("compacted");
        await server.Admin.CreateNamespaceAsync("ns");
        var gone = TestPod.InSet("ns", "gone", "web", "10.1.0.1");
        await server.Admin.CreatePodAsync(gone);
        await server.Admin.CreatePodAsync(TestPod.InSet("ns", "stays", "web", "10.1.0.2"));
        await using var reflector = new RunningReflector(await RunningReflector.EntryAsync(server) with { Namespaces = ["ns"] });
        await reflector.UntilAsync("both are there", sink => sink.Pods.Count == 2);

        await server.KillAsync();
        await server.Seeder.DeletePodsAsync([gone]);
        await server.Etcd.CompactAsync();
        await server.StartAsync();

        await reflector.UntilAsync("the deleted one is gone", sink => sink.Pods.Count == 1);
        Assert.True(reflector.Sink.Pods.ContainsKey("ns/stays"));
        Assert.Empty(reflector.Sink.WronglyRemoved);
    }

    [RealApiServerFact]
    public async Task Token_RefusedThenRotated_IsUsedWithinTenSecondsAndNeverShown()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        await server.Admin.CreateNamespaceAsync("rotated");
        await server.Admin.CreatePodAsync(TestPod.InSet("rotated", "pod", "web", "10.1.0.1"));
        var volume = new SecretVolume("token", Canary);
        var entry = await RunningReflector.EntryAsync(server);
        entry = entry with { Connection = entry.Connection with { TokenFile = volume.PathOf("token") }, Namespaces = ["rotated"] };
        await using var reflector = new RunningReflector(entry);
        await reflector.UntilAsync("it is refused", sink => sink.Told<PodSourceReport.Failed>().Any(failure => failure.Reason == ClusterFailureReason.Unauthorized));

        volume.Swap("token", TestUser.Admin.Token);
        var start = TimeProvider.System.GetTimestamp();
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);

        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(reflector.Log, line => line.Contains(Canary, StringComparison.Ordinal) || line.Contains(TestUser.Admin.Token, StringComparison.Ordinal));
        Assert.DoesNotContain(reflector.Sink.Reports, report => $"{report}".Contains(Canary, StringComparison.Ordinal));
    }

    [RealApiServerFact]
    public async Task Rights_InOneNamespaceOnly_AreEnoughForItAndTheRefusalNamesVerbAndResource()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        var user = TestUser.Pool[6];
        await server.Admin.CreateNamespaceAsync("allowed");
        await server.Admin.CreatePodAsync(TestPod.InSet("allowed", "pod", "web", "10.1.0.1"));
        await server.Admin.GrantInNamespaceAsync(user.Name, "allowed", new RbacRule("", "pods", "list", "watch"));
        using var asUser = server.As(user);
        await Deadline.UntilAsync("the grant works", async () =>
            await Record.ExceptionAsync(() => asUser.GetAsync("/api/v1/namespaces/allowed/pods")) is null);
        var entry = await RunningReflector.EntryAsync(server, user.Token);

        await using (var reflector = new RunningReflector(entry with { Namespaces = ["allowed"] }))
            await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);

        await using var wide = new RunningReflector(entry);
        await wide.UntilAsync("it is refused", sink => sink.Told<PodSourceReport.Failed>().Any());
        var failure = wide.Sink.Told<PodSourceReport.Failed>().First();
        Assert.Equal(ClusterFailureReason.Forbidden, failure.Reason);
        Assert.Contains("cannot list resource \"pods\"", failure.Error, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Server_Killed_KeepsThePodsAndResumes()
    {
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("killed"));
        await server.Admin.CreateNamespaceAsync("ns");
        await server.Admin.CreatePodAsync(TestPod.InSet("ns", "one", "web", "10.1.0.1"));
        await using var reflector = new RunningReflector(await RunningReflector.EntryAsync(server) with { Namespaces = ["ns"] });
        await reflector.UntilAsync("the pod is there", sink => sink.Pods.Count == 1);

        await server.KillAsync();
        await reflector.UntilAsync("it is noticed", sink => sink.Told<PodSourceReport.Failed>().Any());
        await server.StartAsync();
        await server.Admin.CreatePodAsync(TestPod.InSet("ns", "two", "web", "10.1.0.2"));
        await reflector.UntilAsync("the second pod is there", sink => sink.Pods.Count == 2);
    }

    [RealApiServerFact]
    public async Task Lister_OfACluster_GivesAllPods()
    {
        var server = await RealApiServers.Shared.GetAsync("remote-a");
        await server.Admin.CreateNamespaceAsync("listed");
        await server.Admin.CreatePodAsync(TestPod.InSet("listed", "pod", "web", "10.1.0.1"));
        var entry = await RunningReflector.EntryAsync(server) with { Namespaces = ["listed"] };
        await using var connection = new ApiServerConnection("blue", entry.Connection, TimeProvider.System, new CollectingLogger<ApiServerConnection>());
        using var slots = new ListSlots(TimeProvider.System);

        var pages = await new PodLister(TimeProvider.System, slots).ListAsync(entry, connection, default);

        Assert.Equal("pod", Assert.Single(pages)[0].Name);
    }
}
