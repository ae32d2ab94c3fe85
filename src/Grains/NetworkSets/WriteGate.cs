using System.Diagnostics.CodeAnalysis;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// Bounds the requests to the local API server that a silo has in flight, and shares them fairly over the remote
/// clusters: each waiting cluster gets its turn, however many sets another one has in the queue.
/// </summary>
/// <remarks>
/// The bound adapts like TCP's window: a success adds a fraction, a 429 or a failure halves it, at most once a second.
/// There is no fixed rate.
/// </remarks>
public sealed class WriteGate(TimeProvider time)
{
    /// <summary>Requests in flight at the start: what saturates a small API server without queueing in it.</summary>
    public const int InitialLimit = 16;

    /// <summary>Most requests in flight: a sixth of what an API server allows for mutating requests by default (200).</summary>
    public const int MaxLimit = 32;

    private static readonly TimeSpan HalvingInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);
    private readonly Queue<string> _turns = new();
    private double _limit = InitialLimit;
    private int _inFlight;
    private long? _halvedAt;

    /// <summary>The bound now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
                return (int)_limit;
        }
    }

    /// <summary>Waits for a place. The lease is disposed when the request has ended.</summary>
    public async ValueTask<Lease> EnterAsync(string cluster, CancellationToken cancellationToken)
    {
        if (!TryEnter(cluster, out var place))
        {
            using var registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), place);
            await place.Task;
        }

        return new Lease(this);
    }

    private bool TryEnter(string cluster, [NotNullWhen(false)] out TaskCompletionSource? place)
    {
        lock (_lock)
        {
            place = null;
            if (_inFlight < (int)_limit && _turns.Count == 0)
            {
                _inFlight++;
                return true;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_waiting.TryGetValue(cluster, out var queue))
            {
                _waiting.Add(cluster, queue = new());
                _turns.Enqueue(cluster);
            }

            queue.Enqueue(place);
            return false;
        }
    }

    private void Leave(StoreOutcome? outcome)
    {
        lock (_lock)
        {
            _inFlight--;
            Adapt(outcome);
            while (_inFlight < (int)_limit && _turns.TryDequeue(out var cluster))
            {
                var queue = _waiting[cluster];
                // A place that was cancelled meanwhile takes no turn.
                while (queue.TryDequeue(out var place))
                {
                    if (!place.TrySetResult())
                        continue;
                    _inFlight++;
                    break;
                }

                if (queue.Count > 0)
                    _turns.Enqueue(cluster);
                else
                    _waiting.Remove(cluster);
            }
        }
    }

    private void Adapt(StoreOutcome? outcome)
    {
        if (outcome is null)
            return;
        if (outcome is not (StoreOutcome.Busy or StoreOutcome.Failed))
        {
            _limit = Math.Min(MaxLimit, _limit + (1 / _limit));
            return;
        }

        if (_halvedAt is { } last && time.GetElapsedTime(last) < HalvingInterval)
            return;
        _halvedAt = time.GetTimestamp();
        _limit = Math.Max(1, _limit / 2);
    }

    /// <summary>A place in the gate.</summary>
    public sealed class Lease(WriteGate gate) : IDisposable
    {
        private bool _left;

        /// <summary>How the request ended; null when it was cancelled, which says nothing about the server.</summary>
        public StoreOutcome? Outcome { get; set; }

        /// <summary>Gives the place to the next.</summary>
        public void Dispose()
        {
            if (_left)
                return;
            _left = true;
            gate.Leave(Outcome);
        }
    }
}
