using KubePolicySemaphore.Clustering.Kubernetes.Api;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Faults;

public sealed class RightsTests
{
    [RealApiServerFact]
    public async Task AllOperations_WithTheDocumentedRights_Succeed()
    {
        var server = await MembershipServer.GetAsync();
        var user = TestUser.Pool[0];
        await GrantAsync(server, user, "get", "create", "patch");
        await using var cluster = TestTable.On(server, TestTable.NewId(), user);

        var entry = await cluster.InsertAsync();
        Assert.True(await cluster.UpdateAsync(entry));
        await cluster.Table.UpdateIAmAliveAsync(entry);
        await cluster.Table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow());
        await server.Admin.DeleteAsync(cluster.Path);
        Assert.Single((await cluster.Table.ReadAllAsync()).Members);
        Assert.Single(await cluster.Gateways.GetGateways());
    }

    [RealApiServerFact]
    public async Task Update_WithoutTheRightToPatch_NamesWhatIsMissingOnceAndGoesOnWhenGranted()
    {
        var server = await MembershipServer.GetAsync();
        var user = TestUser.Pool[1];
        await GrantAsync(server, user, "get", "create");
        await using var cluster = TestTable.On(server, TestTable.NewId(), user);
        var entry = await cluster.InsertAsync();

        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.UpdateAsync(entry));
        await Assert.ThrowsAsync<KubernetesClusteringException>(() => cluster.UpdateAsync(entry));

        Assert.Equal(403, failure.Status);
        Assert.Contains($"patch orleansclusters.{OrleansClusterApi.Group} \"{cluster.ClusterId}\" in namespace \"{TestTable.Namespace}\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains("grant the verb 'patch'", failure.Message, StringComparison.Ordinal);
        Assert.Single(cluster.Log.Lines, line => line.StartsWith("Warning: UpdateRow failed", StringComparison.Ordinal));

        await GrantAsync(server, user, "get", "create", "patch");
        await Deadline.UntilAsync("the right is in force", async () =>
        {
            try
            {
                return await cluster.UpdateAsync(entry);
            }
            catch (KubernetesClusteringException exception) when (exception.Status == 403)
            {
                return false;
            }
        });
        Assert.Single(cluster.Log.Lines, line => line.StartsWith("Information: UpdateRow succeeds", StringComparison.Ordinal));
    }

    [RealApiServerFact]
    public async Task Read_WithATokenThatIsNoLongerGood_ReadsTheKubeconfigAgain()
    {
        var server = await MembershipServer.GetAsync();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var kubeconfig = await server.WriteKubeconfigAsync("revoked-secret-token");
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(time)
            .Configure<Orleans.Configuration.ClusterOptions>(options => options.ClusterId = TestTable.NewId())
            .Configure<KubernetesClusteringOptions>(options => (options.KubeconfigPath, options.Namespace) = (kubeconfig, TestTable.Namespace))
            .AddKubernetesMembershipTable()
            .BuildServiceProvider();
        var table = services.GetRequiredService<IMembershipTable>();
        var failure = await Assert.ThrowsAsync<KubernetesClusteringException>(() => table.ReadAllAsync());
        Assert.Equal(401, failure.Status);
        Assert.DoesNotContain("revoked-secret-token", failure.ToString(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(kubeconfig, server.Kubeconfig(TestUser.Admin.Token));
        time.Advance(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<KubernetesClusteringException>(() => table.ReadAllAsync());

        Assert.Empty((await table.ReadAllAsync()).Members);
    }

    private static Task GrantAsync(RealApiServer server, TestUser user, params string[] verbs) =>
        server.Admin.GrantInNamespaceAsync(user.Name, TestTable.Namespace, new RbacRule(OrleansClusterApi.Group, OrleansClusterApi.Plural, verbs));
}
