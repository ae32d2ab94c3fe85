namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Which addresses belonged to which set, and when. An address comes to a set once at most.</summary>
internal sealed class Truth
{
    private readonly Dictionary<SetAddress, Stay> _stays = [];
    private readonly HashSet<string> _guarded = new(StringComparer.Ordinal);

    public IEnumerable<Stay> Stays => _stays.Values;

    /// <summary>Objects that have a standing pod from their first write on.</summary>
    public IReadOnlySet<string> Guarded => _guarded;

    /// <summary>What each object should hold now; one that should not exist is not listed.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Current => _stays.Values.Where(stay => stay.Lasts)
        .GroupBy(stay => stay.Address.Object, stay => stay.Address.Net, StringComparer.Ordinal)
        .ToDictionary(set => set.Key, IReadOnlySet<string> (set) => set.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

    public Stay? Find(SetAddress address) => _stays.GetValueOrDefault(address);

    /// <exception cref="ArgumentException">The address was in that set before.</exception>
    public Stay Add(Stay stay)
    {
        _stays.Add(stay.Address, stay);
        return stay;
    }

    public void Guard(string name) => _guarded.Add(name);
}
