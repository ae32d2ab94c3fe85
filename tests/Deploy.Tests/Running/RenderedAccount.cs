using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests.Running;

/// <summary>A service account as a kustomization makes it, with no more rights than that gives it.</summary>
internal static class RenderedAccount
{
    /// <summary>Applies what a kustomization renders to; answers what of it the server knows.</summary>
    public static async Task<Manifest> ApplyAsync(RealApiServer server, string folder, params string[] options)
    {
        var manifest = await KnownObjects.OfAsync(server, await Kustomize.RenderAsync(folder));
        await server.Admin.KubectlAsync(manifest.ToString(), [.. options, "apply", "-f", "-"]);
        return manifest;
    }

    /// <summary>A token of the account that the manifest's secret is for, which a cluster would put into it.</summary>
    public static Task<string> TokenOfSecretAsync(RealApiServer server, Manifest manifest)
    {
        var metadata = manifest.Single("Secret")["metadata"]!;
        return TokenAsync(server, metadata["namespace"]!.GetValue<string>(), metadata["annotations"]!["kubernetes.io/service-account.name"]!.GetValue<string>());
    }

    /// <summary>A token of an account that is there.</summary>
    public static async Task<string> TokenAsync(RealApiServer server, string @namespace, string account)
    {
        // The next line would make it.
        await server.Admin.GetAsync($"/api/v1/namespaces/{@namespace}/serviceaccounts/{account}");
        return await server.Admin.CreateServiceAccountTokenAsync(@namespace, account);
    }
}
