using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Tests.Membership;

/// <summary>A pod as a test means it; becomes a row of a <see cref="PodBatch"/>.</summary>
internal sealed record TestPod(string Name = "p")
{
    public string Namespace { get; init; } = "shop";

    public string SetName { get; init; } = "web";

    public string[] Addresses { get; init; } = ["10.0.0.1"];

    public string[] Refused { get; init; } = [];

    public PodTraits Traits { get; init; }

    public Guid Uid { get; init; }

    public ulong ResourceVersion { get; init; }

    public static PodAddress Address(string text)
    {
        Assert.Equal(AddressFault.None, PodAddress.Parse(text, out var address));
        return address;
    }

    public static PodBatch Batch(params IEnumerable<TestPod> pods) => Batch(pods.Select(pod => (PodChange.Upsert, pod)));

    public static PodBatch Batch(IEnumerable<(PodChange Change, TestPod Pod)> rows)
    {
        var batch = new PodBatch();
        foreach (var (change, pod) in rows)
            pod.AddTo(batch, change);
        return batch;
    }

    public PodBatch Deleted() => Batch([(PodChange.Delete, this)]);

    private void AddTo(PodBatch batch, PodChange change)
    {
        batch.Begin();
        batch.Keep(PodText.Name, Name);
        batch.Keep(PodText.Namespace, Namespace);
        batch.Keep(PodText.SetName, SetName);
        batch.SetUid(Uid);
        batch.SetResourceVersion(ResourceVersion);
        batch.AddTrait(Traits);
        foreach (var address in Addresses)
            batch.AddAddress(Address(address));
        foreach (var text in Refused)
            batch.Keep(PodText.RefusedAddress, text);
        batch.Commit(change);
    }
}
