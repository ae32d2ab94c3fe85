namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Tells this silo's supervisor that clusters may be without a watcher, so that its next round comes at once. Thread-safe.
/// </summary>
public sealed class WatcherAlarm
{
    private TaskCompletionSource _raised = New();

    /// <summary>Completes with the next alarm.</summary>
    public Task Raised => Volatile.Read(ref _raised).Task;

    /// <summary>A watcher was taken away, or a silo is gone.</summary>
    public void Raise() => Interlocked.Exchange(ref _raised, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
