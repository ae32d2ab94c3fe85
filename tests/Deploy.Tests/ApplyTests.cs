using KubePolicySemaphore.Deploy.Tests.Rendering;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>Every manifest, taken by a real API server.</summary>
public sealed class ApplyTests
{
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
        var known = await KnownObjects.OfAsync(server, await Kustomize.RenderAsync(folder));
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
}
