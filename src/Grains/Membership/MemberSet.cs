using System.Collections.Immutable;
using System.Runtime.InteropServices;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Membership;

/// <summary>
/// The addresses of one set, each with the number of member pods that have it, and what came and went since the last
/// <see cref="TakeChanges"/>.
/// </summary>
public sealed class MemberSet
{
    private readonly Dictionary<PodAddress, Membership> _members = [];
    private HashSet<PodAddress>? _added;
    private HashSet<PodAddress>? _removed;

    internal MemberSet(NetworkSetKey key) => Key = key;

    /// <summary>The set.</summary>
    public NetworkSetKey Key { get; }

    /// <summary>Number of distinct addresses.</summary>
    public int NetCount => _members.Count;

    /// <summary>Number of member pods.</summary>
    public int PodCount { get; internal set; }

    /// <summary>The addresses, in no order.</summary>
    public IReadOnlyCollection<PodAddress> Nets => _members.Keys;

    /// <summary>What the feed to the set's grain keeps beside it; null until there was something to send.</summary>
    internal Watching.SetFeed? Feed { get; set; }

    /// <summary>True while the set stands in the index's list of changed sets.</summary>
    internal bool IsListedAsChanged { get; set; }

    /// <summary>True when an address came or went since the last <see cref="TakeChanges"/>.</summary>
    internal bool HasChanges => _added is { Count: > 0 } || _removed is { Count: > 0 };

    /// <summary>True when a member pod has the address.</summary>
    public bool Contains(PodAddress address) => _members.ContainsKey(address);

    /// <summary>The addresses that came and went since the last call; the next call starts from here.</summary>
    internal (ImmutableArray<PodAddress> Added, ImmutableArray<PodAddress> Removed) TakeChanges()
    {
        var changes = (_added?.ToImmutableArray() ?? [], _removed?.ToImmutableArray() ?? []);
        _added = _removed = null;
        return changes;
    }

    /// <summary>One more pod has the address; true when it is the first.</summary>
    internal bool Hold(PodAddress address)
    {
        ref var member = ref CollectionsMarshal.GetValueRefOrAddDefault(_members, address, out _);
        if (++member.Pods > 1)
            return false;
        if (_removed?.Remove(address) != true)
            (_added ??= []).Add(address);
        return true;
    }

    /// <summary>One pod less has the address; true when it was the last.</summary>
    internal bool Release(PodAddress address)
    {
        ref var member = ref CollectionsMarshal.GetValueRefOrNullRef(_members, address);
        if (--member.Pods > 0)
            return false;
        _members.Remove(address);
        if (_added?.Remove(address) != true)
            (_removed ??= []).Add(address);
        return true;
    }

    /// <summary>Marks the address in a count; true when it is in the set and was not marked with this <paramref name="mark"/> before.</summary>
    internal bool Mark(PodAddress address, int mark)
    {
        ref var member = ref CollectionsMarshal.GetValueRefOrNullRef(_members, address);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref member) || member.LastMark == mark)
            return false;
        member.LastMark = mark;
        return true;
    }

    private struct Membership
    {
        public int Pods;
        public int LastMark;
    }
}
