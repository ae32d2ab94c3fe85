namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// How many lists this process reads at once. A list is the costliest thing to ask a server for, and to read; after a
/// start or a partition all clusters want one. The bound is a soft one, because no cluster may wait for another that
/// hangs: a list that is slow to answer or to end goes on without its slot, and one that has waited long enough begins
/// without.
/// </summary>
/// <param name="time">Measures the waits.</param>
/// <param name="count">At most so many. <value>4</value></param>
public sealed class ListSlots(TimeProvider time, int count = 4) : IDisposable
{
    /// <summary>Longest wait for a slot.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);

    /// <summary>How long a list keeps its slot while no answer has begun.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(1);

    /// <summary>How long it keeps it from the beginning of the first answer.</summary>
    public static readonly TimeSpan MaxHold = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>Waits for a slot; disposing of it frees it.</summary>
    internal async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        using var wait = new CancellationTokenSource(MaxWait, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(wait.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(linked.Token).ConfigureAwait(false);
            return new Slot(_free, time);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Slot(null, time);
        }
    }

    public void Dispose() => _free.Dispose();

    internal sealed class Slot : IDisposable
    {
        private readonly ITimer _timer;
        private SemaphoreSlim? _free;
        private int _answered;

        public Slot(SemaphoreSlim? free, TimeProvider time)
        {
            _free = free;
            _timer = time.CreateTimer(static slot => ((Slot)slot!).Release(), this, MaxSilence, Timeout.InfiniteTimeSpan);
        }

        /// <summary>An answer begins; those after the first change nothing.</summary>
        public void Answered()
        {
            if (Interlocked.Exchange(ref _answered, 1) == 0)
                _timer.Change(MaxHold, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            _timer.Dispose();
            Release();
        }

        private void Release()
        {
            try
            {
                Interlocked.Exchange(ref _free, null)?.Release();
            }
            catch (ObjectDisposedException)
            {
                // The process stops.
            }
        }
    }
}
