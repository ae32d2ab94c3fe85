namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// How many lists this process reads at once. A list is the costliest thing to ask a server for, and to read; after a
/// start or a partition all clusters want one.
/// </summary>
/// <param name="count">At most so many. <value>4</value></param>
public sealed class ListSlots(int count = 4) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count, count);

    /// <summary>Waits for a slot; disposing of it frees it.</summary>
    internal async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Slot(_free);
    }

    public void Dispose() => _free.Dispose();

    internal readonly struct Slot(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
