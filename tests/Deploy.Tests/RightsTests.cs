using System.Text.Json.Nodes;
using KubePolicySemaphore.Deploy.Tests.Rendering;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>Exactly the rights that are needed, and none of them by a wildcard.</summary>
public sealed class RightsTests
{
    private static readonly string[] MembershipVerbs = ["create", "get", "patch"];
    private static readonly string[] CalicoGroups = ["crd.projectcalico.org", "projectcalico.org"];
    private static readonly string[] NetworkSetVerbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

    [KustomizeTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.Example)]
    [InlineData(Repository.EveryComponent)]
    public async Task Local_InAllNamespaces_WritesNetworkSetsOnly(string folder) => Assert.Equal(
        CalicoGroups.SelectMany(group => NetworkSetVerbs.Select(verb => $"{verb} {group}/globalnetworksets")),
        Granted(await Kustomize.RenderAsync(folder), "ClusterRole"));

    [KustomizeTheory]
    [InlineData(Repository.Local)]
    [InlineData(Repository.Example)]
    [InlineData(Repository.EveryComponent)]
    public async Task Local_InItsOwnNamespace_WritesTheMembershipObjectOnly(string folder)
    {
        var manifest = await Kustomize.RenderAsync(folder);
        var crd = manifest.Single("CustomResourceDefinition")["spec"]!;
        var membership = $"{crd["group"]}/{crd["names"]!["plural"]}";

        Assert.Equal(MembershipVerbs.Select(verb => $"{verb} {membership}"), Granted(manifest, "Role"));
        Assert.Equal(Manifest.NameOf(manifest.Single("Namespace")), manifest.Single("Role")["metadata"]!["namespace"]!.GetValue<string>());
    }

    [KustomizeFact]
    public async Task Remote_InAllNamespaces_ReadsPodsOnly()
    {
        var remote = await Kustomize.RenderAsync("deploy/remote");

        Assert.Equal(["list /pods", "watch /pods"], Granted(remote, "ClusterRole"));
        Assert.Empty(Granted(remote, "Role"));
        AssertToken(remote);
    }

    [KustomizeFact]
    public async Task RemoteNamespaced_InOneNamespace_ReadsPodsOnly()
    {
        var account = await Kustomize.RenderAsync("deploy/remote-namespaced");
        var watched = await Kustomize.RenderAsync("deploy/remote-namespaced/watched-namespace");

        Assert.Equal(["list /pods", "watch /pods"], Granted(watched, "Role"));
        Assert.Empty(Granted(watched, "ClusterRole"));
        Assert.Empty(Granted(account, "Role").Concat(Granted(account, "ClusterRole")));
        // kubectl's namespace would not be taken otherwise.
        Assert.All(watched.Objects, one => Assert.Null(one["metadata"]!["namespace"]));
        Assert.Equal(Manifest.NameOf(account.Single("ServiceAccount")), watched.Single("RoleBinding")["subjects"]![0]!["name"]!.GetValue<string>());
        AssertToken(account);
    }

    private static void AssertToken(Manifest manifest) => Assert.Equal(
        Manifest.NameOf(manifest.Single("ServiceAccount")),
        manifest.Single("Secret")["metadata"]!["annotations"]!["kubernetes.io/service-account.name"]!.GetValue<string>());

    // Each role is bound to the account of the same manifest, or of the one it goes with; the rights are verb group/resource.
    private static IEnumerable<string> Granted(Manifest manifest, string kind)
    {
        var rights = new List<string>();
        foreach (var role in manifest.All(kind))
        {
            var binding = manifest.Single($"{kind}Binding", Manifest.NameOf(role));
            Assert.Equal((kind, Manifest.NameOf(role)), (Text(binding["roleRef"]!["kind"]), Text(binding["roleRef"]!["name"])));
            Assert.Equal("ServiceAccount", Text(Assert.Single(binding["subjects"]!.AsArray())!["kind"]));
            foreach (var rule in role["rules"]!.AsArray().Select(rule => rule!.AsObject()))
            {
                Assert.Equal(["apiGroups", "resources", "verbs"], rule.Select(field => field.Key).Order());
                rights.AddRange(
                    from grp in Texts(rule["apiGroups"])
                    from resource in Texts(rule["resources"])
                    from verb in Texts(rule["verbs"])
                    select $"{verb} {grp}/{resource}");
            }
        }
        Assert.DoesNotContain(rights, right => right.Contains('*', StringComparison.Ordinal));
        return rights.OrderBy(right => right.Split(' ')[1], StringComparer.Ordinal).ThenBy(right => right, StringComparer.Ordinal);
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static IEnumerable<string> Texts(JsonNode? node) => node!.AsArray().Select(Text);
}
