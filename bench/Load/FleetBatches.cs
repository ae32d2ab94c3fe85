using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>Pods as the decoder hands them on.</summary>
internal static class FleetBatches
{
    private const int PageSize = 5_000;

    private static readonly Guid Uid = Guid.NewGuid();

    public static IReadOnlyList<PodBatch> Pages(PodFleet fleet) =>
        [.. fleet.Pods.Chunk(PageSize).Select(pods =>
        {
            var batch = new PodBatch();
            foreach (var pod in pods)
                Add(batch, pod);
            return batch;
        })];

    /// <summary>An event of one pod.</summary>
    public static PodBatch Event(TestPod pod)
    {
        var batch = new PodBatch();
        Add(batch, pod);
        return batch;
    }

    public static PodAddress AddressOf(TestPod pod) =>
        PodAddress.Parse(pod.Addresses[0], out var address) == AddressFault.None
            ? address
            : throw new ArgumentException($"{pod.Addresses[0]} is no address of a pod", nameof(pod));

    private static void Add(PodBatch batch, TestPod pod)
    {
        batch.Begin();
        batch.Keep(PodText.Namespace, pod.Namespace);
        batch.Keep(PodText.Name, pod.Name);
        batch.Keep(PodText.SetName, pod.Annotations["uw.systems/networkset-name"]);
        batch.SetUid(Uid);
        batch.SetResourceVersion(1);
        batch.AddAddress(AddressOf(pod));
        batch.Commit(PodChange.Upsert);
    }
}
