namespace KubePolicySemaphore.Grains.Membership;

/// <summary>The pods and sets of one namespace, found by text that was not made into a string.</summary>
internal sealed class NamespaceEntry
{
    private readonly Dictionary<string, PodEntry> _pods = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemberSet> _sets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PodEntry>.AlternateLookup<ReadOnlySpan<char>> _podsByText;
    private readonly Dictionary<string, MemberSet>.AlternateLookup<ReadOnlySpan<char>> _setsByText;

    public NamespaceEntry(string name)
    {
        Name = name;
        _podsByText = _pods.GetAlternateLookup<ReadOnlySpan<char>>();
        _setsByText = _sets.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Name { get; }

    public Dictionary<string, PodEntry> Pods => _pods;

    public Dictionary<string, MemberSet> Sets => _sets;

    public PodEntry? FindPod(ReadOnlySpan<char> name) => _podsByText.TryGetValue(name, out var pod) ? pod : null;

    public MemberSet? FindSet(ReadOnlySpan<char> name) => _setsByText.TryGetValue(name, out var set) ? set : null;
}
