using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

/// <summary>Rows of a batch as text, to compare.</summary>
internal static class DecodedPods
{
    public static string[] Show(PodBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(i => Show(batch[i]))];

    public static string Show(in PodView pod)
    {
        var addresses = string.Join(',', pod.Addresses.ToArray());
        var refused = new List<string>();
        for (var i = 0; i < pod.RefusedCount; i++)
            refused.Add(pod.Refused(i).ToString());
        return $"{pod.Change} {pod.Namespace}/{pod.Name} set={pod.SetName} ips={addresses} refused={string.Join('|', refused)} {pod.Traits} rv={pod.ResourceVersion} uid={pod.Uid}";
    }
}
