namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Remembers the last few thousand uids that were added, and forgets the oldest.</summary>
internal sealed class RecentUids
{
    private const int Capacity = 4_096;

    private readonly HashSet<string> _uids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Add(string uid)
    {
        if (!_uids.Add(uid))
            return;
        _order.Enqueue(uid);
        if (_order.Count > Capacity)
            _uids.Remove(_order.Dequeue());
    }

    public bool Contains(string uid) => _uids.Contains(uid);

    public void Remove(string uid) => _uids.Remove(uid);
}
