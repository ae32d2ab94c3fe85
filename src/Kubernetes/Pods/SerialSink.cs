using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The sink of a reflector: one call at a time, whoever reads.</summary>
internal sealed class SerialSink(IPodSink sink, TimeProvider time) : IDisposable
{
    // Contact is shown by the second; a busy stream need not tell it with every batch.
    private static readonly TimeSpan ContactPeriod = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _contactAt = long.MinValue;

    /// <summary>Runs while no other call of the sink does.</summary>
    public async Task<T> RunAsync<T>(Func<IPodSink, Task<T>> call, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(sink).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Hands changes over, and to <paramref name="record"/> before anybody else's turn comes.</summary>
    public async ValueTask ApplyAsync(PodBatch changes, Action<PodBatch> record, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await sink.ApplyAsync(changes, cancellationToken).ConfigureAwait(false);
            record(changes);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Passes a report on.</summary>
    public void Report(PodSourceReport report) => sink.Report(report);

    /// <summary>The remote has shown that it is there.</summary>
    public void ReportContact()
    {
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref _contactAt);
        if (last != long.MinValue && time.GetElapsedTime(last, now) < ContactPeriod)
            return;
        Volatile.Write(ref _contactAt, now);
        sink.Report(PodSourceReport.Contact.Instance);
    }

    public void Dispose() => _gate.Dispose();
}
