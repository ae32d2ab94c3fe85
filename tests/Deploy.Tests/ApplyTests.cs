using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>Every manifest, taken by a real API server.</summary>
public sealed class ApplyTests
{
    // Neither is served by a bare server: cert-manager and the Prometheus operator bring them.
    private static readonly string[] Extensions = ["cert-manager.io", "monitoring.coreos.com"];

    [ApplyTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.Example)]
    [InlineData(Repository.EveryComponent)]
    [InlineData("deploy/remote")]
    [InlineData("deploy/remote-namespaced")]
    [InlineData("deploy/remote-namespaced/watched-namespace")]
    public async Task Apply_Twice_CreatesEverythingAndThenChangesNothing(string folder)
    {
        // A server of its own: what another case left behind would not be created.
        await using var server = await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions(Path.GetFileName(folder)));
        var known = await KnownToAsync(server, await Kustomize.RenderAsync(folder));
        await server.Admin.CreateNamespaceAsync("payments");

        // Only where the manifest leaves the namespace to kubectl: any other manifest would contradict it.
        string[] options = folder.EndsWith("watched-namespace", StringComparison.Ordinal) ? ["--namespace=payments"] : [];

        var first = await ApplyAsync(server, known, options);
        var second = await ApplyAsync(server, known, options);

        Assert.Equal(known.Objects.Count, first.Count);
        Assert.All(first, line => Assert.EndsWith(" created", line, StringComparison.Ordinal));
        Assert.Equal(known.Objects.Count, second.Count);
        Assert.All(second, line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> ApplyAsync(RealApiServer server, Manifest manifest, string[] options)
    {
        var output = await server.Admin.KubectlAsync(manifest.ToString(), [.. options, "apply", "-f", "-"]);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // The manifests are for Kubernetes 1.27 and later; what the bench's server is too old for is told here, kind by kind.
    private static async Task<Manifest> KnownToAsync(RealApiServer server, Manifest manifest)
    {
        var groups = await server.Admin.GetAsync("/apis");
        var served = groups["groups"]!.AsArray()
            .SelectMany(group => group!["versions"]!.AsArray().Select(version => version!["groupVersion"]!.GetValue<string>())).ToHashSet();
        if (!served.Contains("policy/v1"))
        {
            foreach (var budget in manifest.All("PodDisruptionBudget"))
            {
                budget["apiVersion"] = "policy/v1beta1";
                budget["spec"]!.AsObject().Remove("unhealthyPodEvictionPolicy");
            }
        }
        var admission = await server.Admin.GetAsync("/apis/admissionregistration.k8s.io/v1");
        var knowsPolicies = admission["resources"]!.AsArray().Any(kind => kind!["name"]!.GetValue<string>() == "validatingadmissionpolicies");
        return manifest.Without(one => IsExtension(one)
            || (!knowsPolicies && Manifest.KindOf(one).StartsWith("ValidatingAdmissionPolicy", StringComparison.Ordinal)));
    }

    private static bool IsExtension(JsonObject one) => Extensions.Contains(one["apiVersion"]!.GetValue<string>().Split('/')[0]);
}
