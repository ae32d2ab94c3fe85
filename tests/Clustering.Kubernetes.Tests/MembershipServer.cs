using System.Reflection;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests;

/// <summary>A real API server with the CRD and the namespace, shared by all tests that do not break it.</summary>
internal static class MembershipServer
{
    private const string CrdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/orleansclusters.kube-policy-semaphore.io";

    private static readonly Lazy<Task<RealApiServer>> Shared = new(async () =>
    {
        var server = await RealApiServers.Shared.GetAsync("membership");
        await ServeAsync(server);
        return server;
    });

    public static Task<RealApiServer> GetAsync() => Shared.Value;

    /// <summary>Applies the shipped CRD, and waits until it is served.</summary>
    public static async Task ServeAsync(RealApiServer server)
    {
        await server.Admin.CreateNamespaceAsync(TestTable.Namespace);
        await server.Admin.ApplyAsync(Crd());
        await Deadline.UntilAsync("the CRD is served", async () => await server.Admin.TryGetAsync(TestTable.Collection) is not null);
    }

    public static async Task RemoveCrdAsync(RealApiServer server)
    {
        await server.Admin.DeleteAsync(CrdPath);
        await Deadline.UntilAsync("the CRD is gone", async () => await server.Admin.TryGetAsync(TestTable.Collection) is null);
    }

    private static string Crd()
    {
        using var stream = typeof(KubernetesClusteringOptions).Assembly.GetManifestResourceStream("crd.yaml")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
