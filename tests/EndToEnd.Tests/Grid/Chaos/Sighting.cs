namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A time without a gap in which an object held an address.</summary>
/// <param name="To">Not yet: <see cref="TimeSpan.MaxValue"/>.</param>
internal readonly record struct Sighting(SetAddress Address, TimeSpan From, TimeSpan To)
{
    /// <summary>All of a record, each address' in the order of time.</summary>
    public static ILookup<SetAddress, Sighting> Of(IEnumerable<SetWrite> writes)
    {
        var open = new Dictionary<SetAddress, TimeSpan>();
        var nets = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        var sightings = new List<Sighting>();
        foreach (var write in writes)
        {
            var before = nets.GetValueOrDefault(write.Object) ?? new HashSet<string>();
            foreach (var gone in before.Except(write.Nets).Select(net => new SetAddress(write.Object, net)))
                if (open.Remove(gone, out var from))
                    sightings.Add(new(gone, from, write.At));
            foreach (var come in write.Nets.Except(before).Select(net => new SetAddress(write.Object, net)))
                open.Add(come, write.At);
            nets[write.Object] = write.Nets;
        }

        return sightings.Concat(open.Select(pair => new Sighting(pair.Key, pair.Value, TimeSpan.MaxValue)))
            .OrderBy(sighting => sighting.From).ToLookup(sighting => sighting.Address);
    }
}
