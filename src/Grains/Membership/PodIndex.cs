using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Membership;

/// <summary>
/// Pods of one remote cluster → sets → addresses. Its content depends on the pods alone, not on the order of events that
/// led to them (quotas apart, which keep what is there).
/// </summary>
/// <remarks>Not thread-safe. Takes no clock: times come with the calls, in milliseconds of a clock that is never set.</remarks>
public sealed class PodIndex(MembershipRules rules)
{
    /// <summary>
    /// How long a pod that moved stays in its old set while its new one is not written: a wrong address is worse than
    /// a missing one.
    /// </summary>
    public const long MaxLingerMilliseconds = 5_000;

    /// <summary>An attacker's million bad pods must not become a million strings.</summary>
    private const int MaxPendingRefusals = 256;

    /// <summary>How many pods that wait for room are looked at per call; the others have their turn at the next.</summary>
    private const int MaxReadmissions = 256;

    /// <summary>A pod that is renamed without end must not be held in sets without end.</summary>
    private const int MaxLingeringPerPod = 16;

    private readonly Dictionary<string, NamespaceEntry> _namespaces = new(StringComparer.Ordinal);
    private readonly List<MemberSet> _changed = [];
    private readonly List<Refusal> _refusals = [];
    private readonly LinkedList<(PodEntry Pod, string SetName)> _turns = [];
    private readonly Dictionary<PodEntry, LinkedListNode<(PodEntry Pod, string SetName)>> _waiting = [];
    private readonly Dictionary<PodEntry, List<Lingering>> _lingering = [];
    private readonly int[] _skipped = new int[Enum.GetValues<SkipReason>().Length];
    private readonly PodAddress[] _accepted = new PodAddress[PodBatch.MaxAddresses];
    private int _generation;
    private int _untried;

    /// <summary>The rules in force. New ones act on a pod when it is seen again: list anew after a change.</summary>
    public MembershipRules Rules { get; set; } = rules;

    /// <summary>Pods known, members and skipped ones.</summary>
    public int KnownPods { get; private set; }

    /// <summary>Pods that are members of a set.</summary>
    public int Members { get; private set; }

    /// <summary>Sets that have a member.</summary>
    public int SetCount { get; private set; }

    /// <summary>Addresses, counted once per set.</summary>
    public int NetCount { get; private set; }

    /// <summary>Addresses outside the allowed ranges.</summary>
    public int Outside { get; private set; }

    /// <summary>Texts in the place of an address that are none.</summary>
    public int Invalid { get; private set; }

    /// <summary>Addresses that wait for room in the quota.</summary>
    public int OverQuota { get; private set; }

    /// <summary>Pods that were not even remembered since the last relist, because there are too many.</summary>
    public int Unremembered { get; private set; }

    /// <summary>Refusals that were not kept for <see cref="TakeRefusals"/> because there were too many.</summary>
    public int UntoldRefusals { get; private set; }

    /// <summary>All sets, those included that have become empty and were not forgotten yet.</summary>
    public IEnumerable<MemberSet> Sets => _namespaces.Values.SelectMany(ns => ns.Sets.Values);

    /// <summary>Sets with members that are still listed in an old set as well.</summary>
    internal bool HasLingering => _lingering.Count > 0;

    internal IEnumerable<PodEntry> Pods => _namespaces.Values.SelectMany(ns => ns.Pods.Values);

    /// <summary>The name of the set that the quota keeps the pod out of; null when it does not.</summary>
    internal string? WaitsFor(PodEntry entry) => _waiting.GetValueOrDefault(entry)?.Value.SetName;

    /// <summary>Number of pods skipped for that reason.</summary>
    public int Skipped(SkipReason reason) => _skipped[(int)reason];

    /// <summary>The set, also when it is empty and not forgotten; null when it is not known.</summary>
    public MemberSet? Find(NetworkSetKey key) =>
        key.Cluster == Rules.Cluster && _namespaces.TryGetValue(key.Namespace, out var ns) ? ns.FindSet(key.Name) : null;

    /// <summary>The set, made empty when it is not known: so that what stands in Calico can be taken away.</summary>
    public MemberSet GetOrAdd(NetworkSetKey key)
    {
        var ns = GetOrAddNamespace(key.Namespace);
        return ns.FindSet(key.Name) ?? Add(ns, key.Name);
    }

    /// <summary>Drops an empty set that nothing is left of.</summary>
    public void Forget(MemberSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (set.PodCount > 0 || set.NetCount > 0 || !_namespaces.TryGetValue(set.Key.Namespace, out var ns))
            return;
        if (ns.FindSet(set.Key.Name) == set)
            ns.Sets.Remove(set.Key.Name);
        DropIfEmpty(ns);
    }

    /// <summary>Applies the changes of a watch, in their order; stale ones (an older resourceVersion, another uid) are passed over.</summary>
    public void Apply(PodBatch changes, long now)
    {
        ArgumentNullException.ThrowIfNull(changes);
        for (var i = 0; i < changes.Count; i++)
        {
            var pod = changes[i];
            if (pod.Change == PodChange.Delete)
                Delete(pod);
            else if (pod.Change == PodChange.Upsert)
                Upsert(pod, now, fromList: false);
        }

        Readmit(now, MaxReadmissions);
    }

    /// <summary>Tells what a complete list would take away, without changing anything.</summary>
    public RelistPlan PlanRelist(IReadOnlyList<PodBatch> pages)
    {
        ArgumentNullException.ThrowIfNull(pages);
        var mark = ++_generation;
        var kept = 0;
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Count; i++)
                kept += CountKept(page[i], mark);
        }

        return new(NetCount, kept);
    }

    /// <summary>The pods are exactly these. The diff is applied; what did not change is not touched.</summary>
    public void Relist(IReadOnlyList<PodBatch> pages, long now)
    {
        ArgumentNullException.ThrowIfNull(pages);
        var generation = ++_generation;
        Unremembered = 0;
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Count; i++)
            {
                if (FindNamespace(page[i].Namespace)?.FindPod(page[i].Name) is { } known)
                    known.SeenIn = generation;
            }
        }

        // First, so that they take no room from what is new. Nobody looks at the sets in between.
        foreach (var unseen in Pods.Where(pod => pod.SeenIn != generation).ToList())
            Remove(unseen);
        foreach (var page in pages)
        {
            for (var i = 0; i < page.Count; i++)
            {
                if (page[i].Change == PodChange.Upsert)
                    Upsert(page[i], now, fromList: true);
            }
        }

        // The rules may be new as well.
        _untried = _waiting.Count;
        Readmit(now, 2 * _waiting.Count);
    }

    /// <summary>Forgets all pods; every set that had members is changed.</summary>
    public void Clear()
    {
        foreach (var pod in Pods.ToList())
            Remove(pod);
    }

    /// <summary>Moves the sets that changed since the last call into <paramref name="sets"/>.</summary>
    public void TakeChanged(List<MemberSet> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        foreach (var set in _changed)
        {
            set.IsListedAsChanged = false;
            sets.Add(set);
        }

        _changed.Clear();
    }

    /// <summary>The refusals since the last call, each told once per pod and reason.</summary>
    public IReadOnlyList<Refusal> TakeRefusals()
    {
        if (_refusals.Count == 0)
            return [];
        var taken = _refusals.ToArray();
        _refusals.Clear();
        UntoldRefusals = 0;
        return taken;
    }

    /// <summary>The set was written with all it has now: pods that moved into it leave their old sets.</summary>
    public void MarkWritten(MemberSet set) => ReleaseLingering(lingering => lingering.Target == set);

    /// <summary>
    /// For an index that has just been filled and so does not know which pods had moved before: an address that stands
    /// written in a set without a member that has it, while a pod of that namespace has it in another set, is held in the
    /// old one as if the pod had moved now.
    /// </summary>
    /// <param name="strays">Addresses that stand written in a set of this index that has no such member.</param>
    /// <param name="isWritten">True when the address stands written in the set: then nothing is to be waited for.</param>
    /// <param name="now">Milliseconds of a clock that is never set.</param>
    public void HoldWhatMoved(ILookup<PodAddress, MemberSet> strays, Func<MemberSet, PodAddress, bool> isWritten, long now)
    {
        foreach (var entry in _namespaces.Values.SelectMany(ns => ns.Pods.Values))
        {
            for (var i = 0; entry.Set is { } target && i < entry.AddressCount; i++)
            {
                var address = entry[i];
                foreach (var from in strays[address])
                {
                    if (from.Key.Namespace != target.Key.Namespace || isWritten(target, address))
                        continue;
                    if (from.Hold(address))
                        NetCount++;
                    Linger(entry, new Lingering(from, [address], target, now));
                }
            }
        }
    }

    /// <summary>
    /// Pods that moved longer ago than <see cref="MaxLingerMilliseconds"/> leave their old sets whatever became of the
    /// new; pods that wait for room get in where there is some.
    /// </summary>
    public void ReleaseOverdue(long now)
    {
        ReleaseLingering(lingering => now - lingering.Since >= MaxLingerMilliseconds);
        Readmit(now, MaxReadmissions);
    }

    private void Upsert(in PodView pod, long now, bool fromList)
    {
        var ns = FindNamespace(pod.Namespace) ?? GetOrAddNamespace(pod.Namespace.ToString());
        var entry = ns.FindPod(pod.Name);
        // A list is a consistent read and always right; a server restored from a backup counts from an older version.
        if (entry is not null && !fromList && IsStale(pod, entry))
            return;
        if (entry is null)
        {
            if (KnownPods >= Rules.MaxPods)
            {
                Unremembered++;
                DropIfEmpty(ns);
                return;
            }

            entry = new PodEntry(pod.Name.ToString(), ns) { Since = now };
            ns.Pods.Add(entry.Name, entry);
            KnownPods++;
            _skipped[(int)SkipReason.None]++;
        }

        entry.Uid = pod.Uid;
        entry.ResourceVersion = pod.ResourceVersion;
        Judge(entry, pod, now);
    }

    private void Delete(in PodView pod)
    {
        if (FindNamespace(pod.Namespace)?.FindPod(pod.Name) is not { } entry)
            return;
        // The late DELETE of a pod whose name another one has by now.
        var another = pod.Uid != Guid.Empty && entry.Uid != Guid.Empty && pod.Uid != entry.Uid;
        if (!another && !IsStale(pod, entry))
            Remove(entry);
    }

    private static bool IsStale(in PodView pod, PodEntry entry) =>
        pod.ResourceVersion != 0 && pod.ResourceVersion < entry.ResourceVersion;

    private void Remove(PodEntry entry)
    {
        Account(entry, -1);
        Place(entry, default, [], now: 0);
        _skipped[(int)entry.Skipped]--;
        KnownPods--;
        entry.Namespace.Pods.Remove(entry.Name);
        DropIfEmpty(entry.Namespace);
    }

    private void Judge(PodEntry entry, in PodView pod, long now)
    {
        var skipped = Rules.Judge(pod);
        var addresses = Accept(pod, out var outside);
        var invalid = pod.RefusedCount;
        if (skipped is SkipReason.Finished or SkipReason.HostNetwork)
            outside = invalid = 0;
        if (skipped == SkipReason.None && addresses.IsEmpty)
            skipped = SkipReason.NoAddress;
        Tell(entry, pod, skipped, outside, invalid);

        Account(entry, -1);
        if (!IsUnchanged(entry, pod, skipped, addresses))
        {
            Place(entry, skipped == SkipReason.None ? pod.SetName : default, addresses, now);
            entry.Since = now;
        }

        _skipped[(int)entry.Skipped]--;
        _skipped[(int)skipped]++;
        entry.Skipped = skipped;
        entry.Outside = (ushort)Math.Min(outside, ushort.MaxValue);
        entry.Invalid = (ushort)Math.Min(invalid, ushort.MaxValue);
        Account(entry, +1);
    }

    private bool IsUnchanged(PodEntry entry, in PodView pod, SkipReason skipped, ReadOnlySpan<PodAddress> addresses)
    {
        if (!entry.HasAddresses(addresses))
            return false;
        if (skipped != SkipReason.None)
            return entry.Skipped == skipped;
        var name = entry.Set?.Key.Name ?? WaitsFor(entry);
        return name is not null && pod.SetName.SequenceEqual(name);
    }

    /// <summary>Moves the pod into the set of that name (none when empty) with those addresses.</summary>
    private void Place(PodEntry entry, ReadOnlySpan<char> setName, ReadOnlySpan<PodAddress> addresses, long now)
    {
        var old = entry.Set;
        Span<PodAddress> held = stackalloc PodAddress[old is null ? 0 : entry.AddressCount];
        if (old is not null)
            entry.CopyAddressesTo(held);

        StopWaiting(entry);
        entry.Set = null;
        entry.SetAddresses(addresses);
        var moves = held.SequenceEqual(addresses);
        if (old is not null && !setName.IsEmpty && !HasRoom(entry, entry.Namespace.FindSet(setName)))
        {
            // Its own place is the room it needs: it must not lose it to one that waits.
            moves = false;
            ReleaseLingering(entry, _ => true);
            Leave(old, held);
            old = null;
        }

        if (!setName.IsEmpty)
            Join(entry, setName);
        if (entry.Set is null || !moves)
            ReleaseLingering(entry, _ => true);
        if (old is null)
            return;
        if (entry.Set is { } target && target != old && moves)
            Linger(entry, new Lingering(old, held.ToArray(), target, now));
        else
            Release(old, held);
        CountOut(old);
    }

    private void Leave(MemberSet set, ReadOnlySpan<PodAddress> held)
    {
        CountOut(set);
        Release(set, held);
    }

    private void CountOut(MemberSet set)
    {
        Members--;
        if (--set.PodCount == 0)
            SetCount--;
    }

    private void Join(PodEntry entry, ReadOnlySpan<char> setName)
    {
        var set = entry.Namespace.FindSet(setName);
        if (!HasRoom(entry, set))
        {
            _waiting.Add(entry, _turns.AddLast((entry, setName.ToString())));
            entry.Waiting = (ushort)entry.AddressCount;
            Tell(entry, "set name", nameof(RefusalReason.Quota), setName);
            return;
        }

        set ??= Add(entry.Namespace, setName.ToString());
        entry.Set = set;
        Members++;
        if (set.PodCount++ == 0)
            SetCount++;
        for (var i = 0; i < entry.AddressCount; i++)
        {
            if (set.Hold(entry[i]))
                NetCount++;
        }

        MarkChanged(set);
    }

    private bool HasRoom(PodEntry entry, MemberSet? set)
    {
        if ((set is null || set.PodCount == 0) && SetCount >= Rules.MaxSets)
            return false;
        var added = 0;
        for (var i = 0; i < entry.AddressCount; i++)
            added += set is null || !set.Contains(entry[i]) ? 1 : 0;
        return added == 0 || NetCount + added <= Rules.MaxNets;
    }

    /// <summary>
    /// Lets in pods that the quota refused, as far as there is room now. Those that were not looked at since something
    /// changed are looked at in turn, so that no number of them makes one call long or keeps out another.
    /// </summary>
    private void Readmit(long now, int most)
    {
        while (_untried > 0 && most-- > 0 && _turns.First is { } turn)
        {
            _untried--;
            _turns.RemoveFirst();
            _turns.AddLast(turn);
            var (entry, setName) = turn.Value;
            if (!HasRoom(entry, entry.Namespace.FindSet(setName)))
                continue;
            Account(entry, -1);
            StopWaiting(entry);
            Join(entry, setName);
            entry.Since = now;
            Account(entry, +1);
        }
    }

    private void StopWaiting(PodEntry entry)
    {
        if (_waiting.Remove(entry, out var turn))
            _turns.Remove(turn);
        entry.Waiting = 0;
    }

    private void Linger(PodEntry entry, Lingering lingering)
    {
        if (!_lingering.TryGetValue(entry, out var all))
            _lingering.Add(entry, all = []);
        foreach (var earlier in all)
            earlier.Target = lingering.Target;
        all.Add(lingering);
        // What it came back to it is a member of again.
        var oldest = all.Count > MaxLingeringPerPod ? all[0] : null;
        ReleaseLingering(entry, held => held.From == held.Target || held == oldest);
    }

    private void ReleaseLingering(Predicate<Lingering> which)
    {
        if (_lingering.Count == 0)
            return;
        foreach (var entry in _lingering.Keys.ToArray())
            ReleaseLingering(entry, which);
    }

    private void ReleaseLingering(PodEntry entry, Predicate<Lingering> which)
    {
        if (!_lingering.TryGetValue(entry, out var all))
            return;
        foreach (var over in all.FindAll(which))
        {
            all.Remove(over);
            Release(over.From, over.Addresses);
        }

        if (all.Count == 0)
            _lingering.Remove(entry);
    }

    private void Release(MemberSet set, ReadOnlySpan<PodAddress> addresses)
    {
        foreach (var address in addresses)
        {
            if (set.Release(address))
                NetCount--;
        }

        MarkChanged(set);
    }

    private int CountKept(in PodView pod, int mark)
    {
        if (pod.Change == PodChange.Unreadable)
            return CountKept(FindNamespace(pod.Namespace)?.FindPod(pod.Name), mark);
        if (Rules.Judge(pod) != SkipReason.None || FindNamespace(pod.Namespace)?.FindSet(pod.SetName) is not { } set)
            return 0;
        var kept = 0;
        foreach (var address in Accept(pod, out _))
            kept += set.Mark(address, mark) ? 1 : 0;
        return kept;
    }

    private static int CountKept(PodEntry? entry, int mark)
    {
        var kept = 0;
        for (var i = 0; i < entry?.AddressCount; i++)
            kept += entry.Set?.Mark(entry[i], mark) == true ? 1 : 0;
        return kept;
    }

    /// <summary>The pod's addresses that are within the allowed ranges; valid until the next call.</summary>
    private ReadOnlySpan<PodAddress> Accept(in PodView pod, out int outside)
    {
        var count = 0;
        outside = 0;
        foreach (var address in pod.Addresses)
        {
            if (!Rules.Allows(address))
                outside++;
            else
                _accepted[count++] = address;
        }

        return _accepted.AsSpan(0, count);
    }

    private void Account(PodEntry entry, int sign)
    {
        Outside += sign * entry.Outside;
        Invalid += sign * entry.Invalid;
        OverQuota += sign * entry.Waiting;
    }

    private void Tell(PodEntry entry, in PodView pod, SkipReason skipped, int outside, int invalid)
    {
        var isNew = skipped != entry.Skipped;
        if (isNew && skipped is (SkipReason.NoSetName or SkipReason.InvalidSetName))
            Tell(entry, "set name", skipped.ToString(), pod.SetName);
        if (isNew && skipped == SkipReason.HostNetwork)
            Tell(entry, "spec.hostNetwork", skipped.ToString(), "true");
        if (outside > entry.Outside)
            Tell(entry, "status.podIPs", nameof(RefusalReason.OutsideAllowedCidrs), FirstOutside(pod));
        if (invalid > entry.Invalid)
            Tell(entry, "status.podIPs", nameof(RefusalReason.InvalidAddress), pod.Refused(0));
    }

    private void Tell(PodEntry entry, string field, string reason, ReadOnlySpan<char> value)
    {
        if (_refusals.Count < MaxPendingRefusals)
            _refusals.Add(new(entry.Namespace.Name, entry.Name, field, reason, value.ToString()));
        else
            UntoldRefusals++;
    }

    private string FirstOutside(in PodView pod)
    {
        foreach (var address in pod.Addresses)
        {
            if (!Rules.Allows(address))
                return address.ToString();
        }

        return "";
    }

    private void MarkChanged(MemberSet set)
    {
        _untried = _waiting.Count;
        if (set.IsListedAsChanged)
            return;
        set.IsListedAsChanged = true;
        _changed.Add(set);
    }

    private MemberSet Add(NamespaceEntry ns, string name)
    {
        var set = new MemberSet(new(Rules.Cluster, ns.Name, name));
        ns.Sets.Add(name, set);
        return set;
    }

    private NamespaceEntry? FindNamespace(ReadOnlySpan<char> name) =>
        _namespaces.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var ns) ? ns : null;

    private NamespaceEntry GetOrAddNamespace(string name)
    {
        if (!_namespaces.TryGetValue(name, out var ns))
            _namespaces.Add(name, ns = new NamespaceEntry(name));
        return ns;
    }

    private void DropIfEmpty(NamespaceEntry ns)
    {
        if (ns.Pods.Count == 0 && ns.Sets.Count == 0)
            _namespaces.Remove(ns.Name);
    }
}
