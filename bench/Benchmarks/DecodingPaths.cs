using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Pods;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>From bytes to pods.</summary>
internal static class DecodingPaths
{
    private const int PodCount = 1_000;

    private static readonly SetNameSource Source = NamingConvention.KubePolicySemaphore.DefaultSource;

    public static IEnumerable<HotPath> Of(PodFleet fleet)
    {
        foreach (var large in (bool[])[false, true])
        {
            yield return Page(fleet, large);
            yield return Events(fleet, large);
        }
    }

    private static HotPath Page(PodFleet fleet, bool large)
    {
        var page = PodDocuments.Page(fleet.Pods.Take(PodCount), large);
        var batch = new PodBatch();
        return new HotPath($"decode: {Kind(large)} pod in a list", PodCount, () =>
        {
            batch.Clear();
            var decoder = new PodListDecoder(Source, batch);
            decoder.Decode(page);
            decoder.Finish();
            Check(batch);
        })
        { Bytes = (double)page.Length / PodCount };
    }

    private static HotPath Events(PodFleet fleet, bool large)
    {
        var lines = PodDocuments.Events(fleet.Pods.Take(PodCount), large);
        var batch = new PodBatch();
        var refused = new List<string>();
        var decoder = new PodWatchDecoder(Source);
        return new HotPath($"decode: {Kind(large)} pod in a watch", PodCount, () =>
        {
            batch.Clear();
            decoder.Decode(lines, batch, refused);
            Check(batch);
        })
        { Bytes = (double)lines.Length / PodCount };
    }

    private static string Kind(bool large) => large ? "large" : "small";

    private static void Check(PodBatch batch)
    {
        if (batch.Count != PodCount || batch[PodCount - 1].Addresses.Length != 1)
            throw new InvalidOperationException($"{batch.Count} pods decoded instead of {PodCount}");
    }
}
