using KubePolicySemaphore.Deploy.Tests.Rendering;

namespace KubePolicySemaphore.Deploy.Tests;

/// <summary>A fact about the library's CRD, for clones that have the library.</summary>
internal sealed class MembershipCrdFactAttribute : FactAttribute
{
    public const string Source = "src/Clustering.Kubernetes/crd.yaml";

    public MembershipCrdFactAttribute() =>
        Skip = Directory.Exists(Repository.PathOf(Path.GetDirectoryName(Source)!)) ? null : $"there is no {Source} yet";
}
