using System.Collections.Concurrent;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>Applies the manifests of <c>deploy/rbac</c> and makes tokens of their service accounts.</summary>
internal static class ShippedRoles
{
    public const string Namespace = "kube-policy-semaphore";

    public const string LocalAccount = "kube-policy-semaphore";

    public const string RemoteAccount = "kube-policy-semaphore-remote";

    /// <summary>The cluster role of <see cref="RemoteAccount"/>.</summary>
    public const string RemoteRole = "kube-policy-semaphore-remote";

    private const string NamespacedAccount = "kube-policy-semaphore-namespaced";

    // As the manifest names the namespace that users replace.
    private const string PlaceholderNamespace = "namespace: payments";

    private static readonly ConcurrentDictionary<(RealApiServer Server, string Manifest), Lazy<Task<string>>> Tokens = new();

    /// <summary>A token with the rights that the operator has in the local cluster.</summary>
    public static Task<string> LocalTokenAsync(RealApiServer server) => TokenAsync(server, "local.yaml", LocalAccount);

    /// <summary>A token with the rights that the operator has in a remote cluster.</summary>
    public static Task<string> RemoteTokenAsync(RealApiServer server) => TokenAsync(server, "remote.yaml", RemoteAccount);

    /// <summary>A token with rights in these namespaces only.</summary>
    public static async Task<string> NamespacedTokenAsync(RealApiServer server, params string[] namespaces)
    {
        foreach (var one in namespaces)
            await server.Admin.ApplyAsync(Read("remote-namespaced.yaml").Replace(PlaceholderNamespace, $"namespace: {one}", StringComparison.Ordinal));
        return await server.Admin.CreateServiceAccountTokenAsync(Namespace, NamespacedAccount);
    }

    private static Task<string> TokenAsync(RealApiServer server, string manifest, string account) =>
        Tokens.GetOrAdd((server, manifest), _ => new(async () =>
        {
            await server.Admin.ApplyAsync(Read(manifest));
            return await server.Admin.CreateServiceAccountTokenAsync(Namespace, account);
        })).Value;

    private static string Read(string manifest)
    {
        using var stream = typeof(ShippedRoles).Assembly.GetManifestResourceStream(manifest)
            ?? throw new ArgumentException($"no manifest {manifest} in deploy/rbac", nameof(manifest));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
