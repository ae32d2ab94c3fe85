using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// What a watch delivered while a list was read. The list is older than that: taken as it is, it would undo it until the
/// next watch tells it again, and a live address would be missing meanwhile.
/// </summary>
internal sealed class RecentChanges
{
    private const int MaxRows = 100_000;

    private readonly PodBatch _rows = new();
    private ulong _last;
    private bool _isUsable = true;

    /// <summary>Copies what is handed to the sink.</summary>
    public void Add(PodBatch changes)
    {
        _isUsable &= _rows.Count + changes.Count <= MaxRows;
        for (var i = 0; i < changes.Count && _isUsable; i++)
        {
            Copy(changes[i], _rows);
            _last = Math.Max(_last, changes[i].ResourceVersion);
        }
    }

    /// <summary>The list with all later changes in it, and the version it is then of.</summary>
    /// <param name="listing">The list.</param>
    /// <param name="before">How far the watch had come when the list began.</param>
    public PodListing ApplyTo(PodListing listing, string? before)
    {
        // A list behind what was seen before it began comes from a server that was restored; then nothing is comparable.
        if (!_isUsable || !ulong.TryParse(listing.ResourceVersion, out var snapshot) || !ulong.TryParse(before, out var seen) || snapshot < seen)
            return listing;
        var later = FindLater(snapshot);
        if (later.Count == 0)
            return listing;
        var pages = listing.Pages.Select(page => Without(page, later)).ToList();
        pages.Add(Present(later));
        return new PodListing(pages, _last.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    // The last row of each pod that is newer than the list, by namespace/name.
    private Dictionary<string, int> FindLater(ulong snapshot)
    {
        var later = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].ResourceVersion > snapshot)
                later[KeyOf(_rows[i])] = i;
        }

        return later;
    }

    private PodBatch Present(Dictionary<string, int> later)
    {
        var batch = new PodBatch { ReceivedAt = _rows.ReceivedAt };
        foreach (var row in later.Values)
        {
            if (_rows[row].Change == PodChange.Upsert)
                Copy(_rows[row], batch);
        }

        return batch;
    }

    private static PodBatch Without(PodBatch page, Dictionary<string, int> later)
    {
        var rest = new PodBatch { ReceivedAt = page.ReceivedAt };
        for (var i = 0; i < page.Count; i++)
        {
            if (!later.ContainsKey(KeyOf(page[i])))
                Copy(page[i], rest);
        }

        return rest.Count == page.Count ? page : rest;
    }

    private static string KeyOf(in PodView pod) => $"{pod.Namespace}/{pod.Name}";

    private static void Copy(in PodView pod, PodBatch to)
    {
        to.Begin();
        to.Keep(PodText.Namespace, pod.Namespace);
        to.Keep(PodText.Name, pod.Name);
        to.Keep(PodText.SetName, pod.SetName);
        for (var i = 0; i < pod.RefusedCount; i++)
            to.Keep(PodText.RefusedAddress, pod.Refused(i));
        foreach (var address in pod.Addresses)
            to.AddAddress(address);
        to.SetUid(pod.Uid);
        to.SetResourceVersion(pod.ResourceVersion);
        to.AddTrait(pod.Traits);
        to.Commit(pod.Change);
    }
}
