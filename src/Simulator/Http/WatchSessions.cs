using System.Collections.Concurrent;

namespace KubePolicySemaphore.Simulator;

/// <summary>The watches that run now.</summary>
internal sealed class WatchSessions
{
    private readonly ConcurrentDictionary<WatchSession, byte> _running = new();

    public IReadOnlyList<SimulatedRequest> Requests => [.. _running.Keys.Select(session => session.Request)];

    public void Add(WatchSession session) => _running.TryAdd(session, 0);

    public void Remove(WatchSession session) => _running.TryRemove(session, out _);

    public int ForEach(Func<SimulatedRequest, bool>? matches, Action<WatchSession> action)
    {
        var matching = _running.Keys.Where(session => matches?.Invoke(session.Request) != false).ToList();
        matching.ForEach(action);
        return matching.Count;
    }
}
