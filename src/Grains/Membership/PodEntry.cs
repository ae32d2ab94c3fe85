using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Grains.Membership;

/// <summary>What is remembered of a pod. One per selected pod: each field costs its size times 200,000.</summary>
internal sealed class PodEntry(string name, NamespaceEntry owner)
{
    private PodAddress _first;
    private PodAddress[]? _further;

    public string Name { get; } = name;

    public NamespaceEntry Namespace { get; } = owner;

    public Guid Uid { get; set; }

    public ulong ResourceVersion { get; set; }

    /// <summary>The set that it is a member of; null when skipped or refused by quota.</summary>
    public MemberSet? Set { get; set; }

    /// <summary>Milliseconds, of a clock that is never set, at which it got into its present state.</summary>
    public long Since { get; set; }

    /// <summary>The relist that saw it last.</summary>
    public int SeenIn { get; set; }

    public SkipReason Skipped { get; set; }

    public ushort Outside { get; set; }

    public ushort Invalid { get; set; }

    /// <summary>Number of addresses that wait for room in the quota.</summary>
    public ushort Waiting { get; set; }

    public int AddressCount => _further is not null ? _further.Length + 1 : _first == default ? 0 : 1;

    /// <summary>The accepted addresses. Kept for a skipped pod as well, to tell why it is in no set.</summary>
    public PodAddress this[int index] => index == 0 ? _first : _further![index - 1];

    public bool HasAddresses(ReadOnlySpan<PodAddress> addresses)
    {
        if (AddressCount != addresses.Length)
            return false;
        for (var i = 0; i < addresses.Length; i++)
        {
            if (this[i] != addresses[i])
                return false;
        }

        return true;
    }

    public void CopyAddressesTo(Span<PodAddress> destination)
    {
        for (var i = 0; i < AddressCount; i++)
            destination[i] = this[i];
    }

    public void SetAddresses(ReadOnlySpan<PodAddress> addresses)
    {
        _first = addresses.Length > 0 ? addresses[0] : default;
        _further = addresses.Length > 1 ? addresses[1..].ToArray() : null;
    }
}
