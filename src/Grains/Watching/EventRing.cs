using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>The last happenings of one cluster.</summary>
internal sealed class EventRing(string cluster, TimeProvider time)
{
    private const int Capacity = 256;

    private readonly Queue<ClusterEvent> _events = new(Capacity);
    private long _sequence;

    public void Add(string kind, string text, string? podNamespace = null, string? set = null, TimeSpan? took = null)
    {
        if (_events.Count == Capacity)
            _events.Dequeue();
        _events.Enqueue(new()
        {
            Sequence = ++_sequence,
            Time = time.GetUtcNow(),
            Kind = kind,
            Cluster = cluster,
            Namespace = podNamespace,
            Set = set,
            Text = text,
            Milliseconds = took?.TotalMilliseconds,
        });
    }

    public ImmutableArray<ClusterEvent> After(long sequence) => [.. _events.Where(e => e.Sequence > sequence)];
}
