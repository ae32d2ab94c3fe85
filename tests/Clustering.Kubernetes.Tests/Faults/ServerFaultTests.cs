using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Faults;

/// <summary>Each breaks its API server, so each has one of its own.</summary>
public sealed class ServerFaultTests
{
    private const string CrdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/orleansclusters.kube-policy-semaphore.io";

    [RealApiServerFact]
    public async Task Crd_MissingThenAppliedThenReplaced_IsNamedOnceAndNothingIsLost()
    {
        await using var server = await StartAsync();
        await using var cluster = TestTable.On(server, TestTable.NewId());

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.ReadAllAsync());
        await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.ReadAllAsync());
        Assert.Equal(404, failure.Status);
        Assert.Contains("apply the CRD", failure.Message, StringComparison.Ordinal);
        Assert.Single(cluster.Log.Lines, line => line.StartsWith("Warning: ReadAll failed", StringComparison.Ordinal));

        await MembershipServer.ServeAsync(server);
        var entry = await cluster.InsertAsync();
        var version = (await cluster.Table.ReadAllAsync()).Version.Version;

        await MembershipServer.RemoveCrdAsync(server);
        await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.UpdateIAmAliveAsync(entry));
        await MembershipServer.ServeAsync(server);
        var table = await cluster.Table.ReadAllAsync();
        Assert.Equal(SiloStatus.Active, table.EntryOf(entry).Status);
        Assert.True(table.Version.Version > version, $"{table.Version} after {version}");
    }

    [RealApiServerFact]
    public async Task Crd_WithAnotherSchema_IsNamedInsteadOfSilentlyLosingChanges()
    {
        await using var server = await StartAsync();
        await MembershipServer.ServeAsync(server);
        await using var cluster = TestTable.On(server, TestTable.NewId());
        await cluster.InsertAsync();
        var crd = await server.Admin.GetAsync(CrdPath);
        var schema = crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!.AsObject();
        schema.Remove("status");
        await server.Admin.PutAsync(CrdPath, crd);
        await Deadline.UntilAsync("the schema is in force", async () =>
            (await server.Admin.PatchAsync(cluster.Path, new() { ["spec"] = new System.Text.Json.Nodes.JsonObject() }))["status"] is null);

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.ReadAllAsync());

        Assert.Contains("its CRD is not the one of this library", failure.Message, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Server_FrozenThenKilledThenBack_FailsInTimeAndGoesOn()
    {
        await using var server = await StartAsync();
        await MembershipServer.ServeAsync(server);
        await using var cluster = TestTable.On(server, TestTable.NewId());
        var entry = await cluster.InsertAsync();
        cluster.Services.GetRequiredService<IOptions<KubernetesClusteringOptions>>().Value.RequestTimeout = TimeSpan.FromSeconds(1);

        await server.FreezeAsync();
        var slow = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.ReadAllAsync().WaitAsync(Deadline.Default));
        Assert.Contains("no answer", slow.Message, StringComparison.Ordinal);
        server.Resume();
        await server.KillAsync();
        var gone = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.Table.UpdateIAmAliveAsync(entry));
        Assert.Null(gone.Status);
        await server.StartAsync();

        cluster.Services.GetRequiredService<IOptions<KubernetesClusteringOptions>>().Value.RequestTimeout = TimeSpan.FromSeconds(30);
        Assert.Equal(entry.SiloAddress, Assert.Single((await cluster.Table.ReadAllAsync()).Members).Item1.SiloAddress);
    }

    [RealApiServerFact]
    public async Task Object_OfAnotherCluster_IsLeftAlone()
    {
        var server = await MembershipServer.GetAsync();
        await using var first = TestTable.On(server, TestTable.NewId());
        await first.InsertAsync();
        await using var second = TestTable.On(server, TestTable.NewId());
        second.Services.GetRequiredService<IOptions<KubernetesClusteringOptions>>().Value.ObjectName = first.ClusterId;

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => second.Table.ReadAllAsync());

        Assert.Contains($"belongs to Orleans cluster '{first.ClusterId}'", failure.Message, StringComparison.Ordinal);
    }

    private static Task<RealApiServer> StartAsync() =>
        RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions(TestTable.NewId()) { CalicoApis = [] });
}
