namespace KubePolicySemaphore.Simulator;

/// <summary>The newest changes of one resource, in order; the oldest are forgotten first. Not thread safe.</summary>
internal sealed class EventLog(int capacity)
{
    private StoreEvent[] _ring = new StoreEvent[Math.Min(capacity, 1024)];

    /// <summary>Watches from this resourceVersion or later can be served.</summary>
    public long ForgottenUpTo { get; private set; }

    /// <summary>Position of the oldest event kept.</summary>
    public long First { get; private set; }

    /// <summary>Position the next event will get.</summary>
    public long Next { get; private set; }

    public StoreEvent this[long position] => _ring[position % _ring.Length];

    public void Append(StoreEvent change)
    {
        if (Next - First == _ring.Length)
            MakeRoom();
        _ring[Next % _ring.Length] = change;
        Next++;
    }

    public void Forget(long upTo)
    {
        First = Next;
        ForgottenUpTo = upTo;
        Array.Clear(_ring);
    }

    /// <summary>Position of the first event that is newer than a resourceVersion.</summary>
    public long PositionAfter(long resourceVersion)
    {
        var (low, high) = (First, Next);
        while (low < high)
        {
            var middle = low + (high - low) / 2;
            if (this[middle].ResourceVersion <= resourceVersion)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private void MakeRoom()
    {
        if (_ring.Length == capacity)
        {
            ForgottenUpTo = this[First].ResourceVersion;
            First++;
            return;
        }

        var larger = new StoreEvent[Math.Min(capacity, _ring.Length * 4)];
        for (var position = First; position < Next; position++)
            larger[position % larger.Length] = this[position];
        _ring = larger;
    }
}
