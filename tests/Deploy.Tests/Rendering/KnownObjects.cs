using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests.Rendering;

/// <summary>
/// The manifests are for Kubernetes 1.27 and later; what the bench's server is too old for is told here, kind by kind.
/// </summary>
internal static class KnownObjects
{
    // Neither is served by a bare server: cert-manager and the Prometheus operator bring them.
    private static readonly string[] Extensions = ["cert-manager.io", "monitoring.coreos.com"];

    /// <summary>What a server can be given of a manifest.</summary>
    public static async Task<Manifest> OfAsync(RealApiServer server, Manifest manifest)
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
