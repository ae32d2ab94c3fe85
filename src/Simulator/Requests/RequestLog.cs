using System.Collections.Concurrent;

namespace KubePolicySemaphore.Simulator;

/// <summary>Counts every request and keeps the newest.</summary>
public sealed class RequestLog
{
    private const int Kept = 10_000;

    private readonly ConcurrentDictionary<(string Verb, string Resource), long> _counts = new();
    private readonly Queue<SimulatedRequest> _newest = new();
    private readonly List<(Func<SimulatedRequest, bool> Matches, TaskCompletionSource<SimulatedRequest> Seen)> _waiting = [];
    private readonly Lock _gate = new();

    /// <summary>The newest 10,000 requests, oldest first.</summary>
    public IReadOnlyList<SimulatedRequest> Newest
    {
        get
        {
            lock (_gate)
                return [.. _newest];
        }
    }

    /// <summary>Requests so far; a null <paramref name="verb"/> or <paramref name="resource"/> counts all.</summary>
    public long Count(string? verb = null, string? resource = null) => _counts
        .Where(count => (verb ?? count.Key.Verb) == count.Key.Verb && (resource ?? count.Key.Resource) == count.Key.Resource)
        .Sum(count => count.Value);

    /// <summary>Completes when the next matching request arrives: arm it, act, then await it.</summary>
    public async Task<SimulatedRequest> NextAsync(Func<SimulatedRequest, bool> matches, CancellationToken cancellationToken = default)
    {
        var seen = new TaskCompletionSource<SimulatedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
            _waiting.Add((matches, seen));
        try
        {
            return await seen.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _waiting.RemoveAll(waiting => waiting.Seen == seen);
        }
    }

    internal void Add(SimulatedRequest request)
    {
        _counts.AddOrUpdate((request.Verb, request.Resource), 1, (_, count) => count + 1);
        lock (_gate)
        {
            _newest.Enqueue(request);
            if (_newest.Count > Kept)
                _newest.Dequeue();
            foreach (var (matches, seen) in _waiting)
            {
                if (matches(request))
                    seen.TrySetResult(request);
            }
        }
    }
}
