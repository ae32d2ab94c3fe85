using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>A complete list: all pages of one snapshot.</summary>
internal sealed record PodListing(IReadOnlyList<PodBatch> Pages, string ResourceVersion)
{
    /// <summary>A line for each pod that could not be decoded and stays as it is known.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public int Pods => Pages.Sum(page => page.Count);
}
