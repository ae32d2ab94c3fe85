namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// Ends the reading of a list that makes no progress: a server that sends a byte now and then must not hold a reader for
/// ever.
/// </summary>
internal sealed class ReadDeadline : IDisposable
{
    /// <summary>At least so many bytes must come in each <see cref="Pause"/>.</summary>
    public const int Step = 64 * 1024;

    /// <summary>Longest time for one <see cref="Step"/>, and for the first byte of the answer.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(60);

    /// <summary>Longest time for one page, however steadily it comes.</summary>
    public static readonly TimeSpan Whole = TimeSpan.FromMinutes(10);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenSource _linked;
    private long _bytes;

    public ReadDeadline(TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _start = time.GetTimestamp();
        _source = new CancellationTokenSource(Pause, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_source.Token, cancellationToken);
    }

    public CancellationToken Token => _linked.Token;

    public bool IsOver => _source.IsCancellationRequested;

    /// <summary>So many bytes have come.</summary>
    public void Progress(int bytes)
    {
        var steps = _bytes / Step;
        _bytes += bytes;
        if (_bytes / Step == steps)
            return;
        var left = Whole - _time.GetElapsedTime(_start);
        _source.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < Pause ? left : Pause);
    }

    public void Dispose()
    {
        _linked.Dispose();
        _source.Dispose();
    }
}
