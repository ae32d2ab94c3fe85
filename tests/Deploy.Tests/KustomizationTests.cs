using KubePolicySemaphore.Deploy.Tests.Rendering;

namespace KubePolicySemaphore.Deploy.Tests;

public sealed class KustomizationTests
{
    public static TheoryData<string> Kustomizations => new(Repository.Kustomizations("Kustomization"));

    [KustomizeTheory]
    [MemberData(nameof(Kustomizations))]
    public async Task Render_OfEveryKustomization_GivesObjectsWithoutWarnings(string folder) =>
        Assert.NotEmpty((await Kustomize.RenderAsync(folder)).Objects);

    [KustomizeFact]
    public async Task Render_OfEveryComponent_AddsWhatItIsNamedAfter()
    {
        var all = await Kustomize.RenderAsync(Repository.EveryComponent);

        Assert.Equal(
            Repository.Kustomizations("Component").Select(folder => $"- ../../../{folder}"),
            Repository.Read($"{Repository.EveryComponent}/kustomization.yaml").Split('\n').Where(line => line.Contains("deploy/components/", StringComparison.Ordinal)));
        Assert.Single(all.All("ValidatingAdmissionPolicy"));
        Assert.Single(all.All("PodMonitor"));
        Assert.Equal(2, all.All("Certificate").Count());
    }

    [KustomizeFact]
    public async Task Overlay_WithItsOwnNamespaceImageAndConfiguration_ChangesThoseEverywhere()
    {
        var example = await Kustomize.RenderAsync(Repository.Example);

        Assert.Equal("network-sync", Manifest.NameOf(example.Single("Namespace")));
        Assert.All(
            example.Objects.Select(one => one["metadata"]!["namespace"]?.GetValue<string>()).Where(name => name is not null),
            name => Assert.Equal("network-sync", name));
        Assert.All(
            example.All("ClusterRoleBinding").Concat(example.All("RoleBinding")),
            binding => Assert.Equal("network-sync", binding["subjects"]![0]!["namespace"]!.GetValue<string>()));
        Assert.StartsWith("registry.example/", new Workload(example).Container["image"]!.GetValue<string>(), StringComparison.Ordinal);
        // Under another name a change would restart the silos.
        var config = example.Single("ConfigMap", "kube-policy-semaphore");
        Assert.Equal(Repository.Read($"{Repository.Example}/config.yaml"), config["data"]!["config.yaml"]!.GetValue<string>());
    }

    [MembershipCrdFact]
    public void MembershipCrd_OfTheBase_IsTheOneOfTheLibrary() =>
        Assert.Equal(Repository.Read(MembershipCrdFactAttribute.Source), Repository.Read($"{Repository.Local}/membership-crd.yaml"));
}
