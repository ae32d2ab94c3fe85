using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>Applies what <c>deploy</c> ships, and makes kubeconfigs with exactly those rights.</summary>
internal static class GridRights
{
    public const string Namespace = "kube-policy-semaphore";

    // A run may take longer than the hour that is usual.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);

    /// <summary>For the local cluster, which gets the kind of the membership object too.</summary>
    public static async Task<string> LocalKubeconfigAsync(RealApiServer server)
    {
        await ApplyAsync(server, "local/membership-crd.yaml", "local/namespace.yaml", "local/rbac.yaml");
        await server.Admin.KubectlAsync(null, "wait", "--for=condition=Established", "crd/orleansclusters.kube-policy-semaphore.io", "--timeout=30s");
        return await KubeconfigAsync(server, "kube-policy-semaphore");
    }

    /// <summary>For a remote cluster.</summary>
    public static async Task<string> RemoteKubeconfigAsync(RealApiServer server)
    {
        await ApplyAsync(server, "remote/rbac.yaml");
        return await KubeconfigAsync(server, "kube-policy-semaphore-remote");
    }

    private static async Task<string> KubeconfigAsync(RealApiServer server, string account) =>
        await server.WriteKubeconfigAsync(await server.Admin.CreateServiceAccountTokenAsync(Namespace, account, TokenLifetime));

    private static async Task ApplyAsync(RealApiServer server, params string[] manifests)
    {
        foreach (var manifest in manifests)
            await server.Admin.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(BenchFolders.FindRepository(), "deploy", manifest)));
    }
}
