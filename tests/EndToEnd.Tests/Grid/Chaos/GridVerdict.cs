namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Judges what was written by what was true. Pure; each rule answers its violations, one line each.</summary>
internal sealed class GridVerdict(Truth truth, IReadOnlyList<SetWrite> writes)
{
    // A moved address leaves its old set after so long even where the new one could not be written.
    private static readonly TimeSpan MaxLinger = TimeSpan.FromSeconds(5);

    // A write that lands late is seen by a watch, and undone at once; the rest is for a busy machine.
    private static readonly TimeSpan MaxLanding = TimeSpan.FromSeconds(3);

    private readonly ILookup<SetAddress, Sighting> _sightings = Sighting.Of(writes);

    /// <summary>No address was in a set it never belonged to, or longer than the bound after it left.</summary>
    /// <param name="bound">How long an address may stay.</param>
    /// <param name="windows">In which the bound does not run.</param>
    /// <param name="landing">When writes of a silo that had ended could land: what comes with one goes at once.</param>
    public IEnumerable<string> Overdue(TimeSpan bound, IReadOnlyCollection<FaultWindow>? windows = null, TimeSpan? landing = null)
    {
        foreach (var sighting in _sightings.SelectMany(address => address))
            if (truth.Find(sighting.Address) is not { } stay)
                yield return $"{sighting.Address}, where it never belonged, at {sighting.From}";
            else if (!stay.Lasts && sighting.To > Deadline(stay.Left, bound, windows ?? []) && !IsLanding(sighting))
                yield return $"{sighting.Address} from {sighting.From} to {Show(sighting.To)}, though it left at {stay.Left}";

        bool IsLanding(Sighting sighting) => landing is { } at && sighting.From >= at && sighting.To <= at + MaxLanding;
    }

    /// <summary>As <see cref="Overdue"/>, of some stays only and without excuse.</summary>
    public IEnumerable<string> Late(TimeSpan bound, Func<Stay, bool> which) =>
        from sighting in _sightings.SelectMany(address => address)
        let stay = truth.Find(sighting.Address)
        where stay is { Lasts: false } && which(stay) && sighting.To > stay.Left + bound
        select $"{sighting.Address} until {Show(sighting.To)}, though it left at {stay.Left}";

    /// <summary>No address that was there disappeared while it lived.</summary>
    public IEnumerable<string> Missing() =>
        from sighting in _sightings.SelectMany(address => address)
        let stay = truth.Find(sighting.Address)
        where stay is not null && sighting.To < stay.Leaving
        select $"{sighting.Address} disappeared at {sighting.To}, though it lived until {Show(stay.Leaving)}";

    /// <summary>No address that moved left its old set before the new one had it.</summary>
    public IEnumerable<string> Torn()
    {
        foreach (var stay in truth.Stays.Where(stay => stay.Next is not null && _sightings.Contains(stay.Address)))
        {
            var gone = _sightings[stay.Address].Last().To;
            var there = _sightings[stay.Next!.Address].Select(sighting => sighting.From).FirstOrDefault(TimeSpan.MaxValue);
            // It may have gone on, or died, before it got there.
            if (gone < there && gone < stay.Next.Leaving && gone < stay.Left + MaxLinger)
                yield return $"{stay.Address} disappeared at {gone}, {stay.Next.Address} appeared at {Show(there)}; moved at {stay.Left}";
        }
    }

    /// <summary>No object of a set that has a standing pod was emptied or deleted.</summary>
    public IEnumerable<string> Emptied() =>
        writes.Where(write => write.Nets.Count == 0 && truth.Guarded.Contains(write.Object)).Select(write => $"emptied: {write}");

    /// <summary>No write left the nets as they were.</summary>
    public IEnumerable<string> Needless()
    {
        var nets = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (var write in writes)
        {
            if (nets.TryGetValue(write.Object, out var before) && before.SetEquals(write.Nets))
                yield return $"changed nothing: {write}";
            nets[write.Object] = write.Nets;
        }
    }

    /// <summary>Sets in which addresses that had gone came back more often than allowed.</summary>
    public IEnumerable<string> Flipping(int allowed) =>
        from address in _sightings
        from again in address.Skip(1)
        group again by again.Address.Object into flips
        where flips.Count() > allowed
        select $"{flips.Key} flipped {flips.Count()} times: {string.Join(", ", flips.Select(flip => $"{flip.Address.Net} at {flip.From}"))}";

    /// <summary>The longest that an address was there after it had left, or that a window in which it left had ended.</summary>
    public TimeSpan LongestOverstay(params IReadOnlyCollection<FaultWindow> windows) =>
        (from sighting in _sightings.SelectMany(address => address)
         let stay = truth.Find(sighting.Address)
         where stay is { Lasts: false } && sighting.To < TimeSpan.MaxValue
         select sighting.To - Deadline(stay.Left, TimeSpan.Zero, windows)).DefaultIfEmpty().Max();

    private static TimeSpan Deadline(TimeSpan left, TimeSpan bound, IReadOnlyCollection<FaultWindow> windows) =>
        windows.OrderBy(window => window.From).Aggregate(left + bound, (deadline, window) =>
            window.From <= deadline && window.To >= left && window.To + bound > deadline ? window.To + bound : deadline);

    private static string Show(TimeSpan at) => at == TimeSpan.MaxValue ? "the end" : at.ToString();
}
