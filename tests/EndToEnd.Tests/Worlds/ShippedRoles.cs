using System.Collections.Concurrent;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>Applies the accounts and roles of <c>deploy</c> and makes tokens of their service accounts.</summary>
internal static class ShippedRoles
{
    public const string Namespace = "kube-policy-semaphore";

    public const string LocalAccount = "kube-policy-semaphore";

    public const string RemoteAccount = "kube-policy-semaphore-remote";

    /// <summary>The cluster role of <see cref="RemoteAccount"/>.</summary>
    public const string RemoteRole = "kube-policy-semaphore-remote";

    private const string NamespacedAccount = "kube-policy-semaphore-namespaced";

    private static readonly ConcurrentDictionary<(RealApiServer Server, string Account), Lazy<Task<string>>> Tokens = new();

    /// <summary>A token with the rights that the operator has in the local cluster.</summary>
    public static Task<string> LocalTokenAsync(RealApiServer server) => TokenAsync(server, LocalAccount, "local/namespace.yaml", "local/rbac.yaml");

    /// <summary>The kind of the membership object, without which no silo joins; the rights on it come with the local token.</summary>
    public static async Task ApplyMembershipAsync(RealApiServer server)
    {
        await server.Admin.ApplyAsync(Read("local/membership-crd.yaml"));
        await server.Admin.KubectlAsync(null, "wait", "--for=condition=Established", "crd/orleansclusters.kube-policy-semaphore.io", "--timeout=30s");
    }

    /// <summary>A token with the rights that the operator has in a remote cluster.</summary>
    public static Task<string> RemoteTokenAsync(RealApiServer server) => TokenAsync(server, RemoteAccount, "remote/rbac.yaml");

    /// <summary>A token with rights in these namespaces only.</summary>
    public static async Task<string> NamespacedTokenAsync(RealApiServer server, params string[] namespaces)
    {
        await server.Admin.ApplyAsync(Read("remote-namespaced/account.yaml"));
        foreach (var one in namespaces)
            await server.Admin.KubectlAsync(Read("remote-namespaced/watched-namespace/rbac.yaml"), $"--namespace={one}", "apply", "-f", "-");
        return await server.Admin.CreateServiceAccountTokenAsync(Namespace, NamespacedAccount);
    }

    private static Task<string> TokenAsync(RealApiServer server, string account, params string[] manifests) =>
        Tokens.GetOrAdd((server, account), _ => new(async () =>
        {
            foreach (var manifest in manifests)
                await server.Admin.ApplyAsync(Read(manifest));
            return await server.Admin.CreateServiceAccountTokenAsync(Namespace, account);
        })).Value;

    private static string Read(string manifest)
    {
        using var stream = typeof(ShippedRoles).Assembly.GetManifestResourceStream(manifest)
            ?? throw new ArgumentException($"no manifest {manifest} in deploy", nameof(manifest));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
