using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>A complete list: all pages of one snapshot.</summary>
internal sealed record PodListing(IReadOnlyList<PodBatch> Pages, string ResourceVersion)
{
    public int Pods => Pages.Sum(page => page.Count);
}
