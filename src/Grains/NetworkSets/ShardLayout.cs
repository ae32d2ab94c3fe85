using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// Which address of a set stands in which of its objects. An address stays in the object it is in; a new one goes into
/// the first with room; an address moves only out of an object that holds more than it may.
/// </summary>
/// <remarks>Pure. The layout is what is wanted; <see cref="Touched"/> tells which objects it changes.</remarks>
internal sealed class ShardLayout(int maxNetsPerObject)
{
    private readonly Dictionary<PodAddress, int> _home = [];
    private readonly SortedDictionary<int, HashSet<PodAddress>> _shards = [];

    /// <summary>Objects that the layout changed since the last clear, and those that gained an address.</summary>
    public Dictionary<int, bool> Touched { get; } = [];

    /// <summary>Number of addresses.</summary>
    public int Count => _home.Count;

    /// <summary>True when the address is wanted.</summary>
    public bool Contains(PodAddress address) => _home.ContainsKey(address);

    /// <summary>The addresses that the object is to hold; none when it is to go.</summary>
    public ImmutableArray<PodAddress> Nets(int shard) => _shards.TryGetValue(shard, out var nets) ? [.. nets] : [];

    /// <summary>The numbers of the objects that hold something.</summary>
    public IEnumerable<int> Shards => _shards.Keys;

    /// <summary>Lays out <paramref name="wanted"/> over what stands in the set's objects now.</summary>
    public void Reset(IEnumerable<PodAddress> wanted, IEnumerable<KeyValuePair<int, ImmutableArray<PodAddress>>> standing)
    {
        _home.Clear();
        _shards.Clear();
        Touched.Clear();
        var left = wanted.ToHashSet();
        foreach (var (shard, nets) in standing.OrderBy(pair => pair.Key))
        {
            var kept = new HashSet<PodAddress>();
            foreach (var net in nets)
            {
                if (kept.Count < maxNetsPerObject && left.Remove(net))
                    kept.Add(net);
            }

            foreach (var net in kept)
                _home[net] = shard;
            if (kept.Count > 0)
                _shards.Add(shard, kept);
        }

        foreach (var address in left.Order())
            Add(address);
    }

    /// <summary>Takes a change in.</summary>
    public void Apply(ImmutableArray<PodAddress> added, ImmutableArray<PodAddress> removed)
    {
        foreach (var address in removed)
            Remove(address);
        foreach (var address in added.Order())
            Add(address);
    }

    private void Add(PodAddress address)
    {
        if (_home.ContainsKey(address))
            return;
        var shard = FirstWithRoom();
        _home.Add(address, shard);
        _shards[shard].Add(address);
        Touched[shard] = true;
    }

    private void Remove(PodAddress address)
    {
        if (!_home.Remove(address, out var shard))
            return;
        _shards[shard].Remove(address);
        if (_shards[shard].Count == 0)
            _shards.Remove(shard);
        Touched.TryAdd(shard, false);
    }

    private int FirstWithRoom()
    {
        // Ascending, so the lowest free number is the first that is passed without being there.
        var free = 0;
        foreach (var (shard, nets) in _shards)
        {
            if (shard > free)
                break;
            if (nets.Count < maxNetsPerObject)
                return shard;
            free = shard + 1;
        }

        foreach (var (shard, nets) in _shards)
        {
            if (nets.Count < maxNetsPerObject)
                return shard;
        }

        _shards.Add(free, []);
        return free;
    }
}
