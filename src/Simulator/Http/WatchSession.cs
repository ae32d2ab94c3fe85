using System.Collections.Concurrent;

namespace KubePolicySemaphore.Simulator;

/// <summary>A running watch, as faults reach it.</summary>
internal sealed class WatchSession(SimulatedRequest request, Action abort)
{
    private readonly ConcurrentQueue<WatchInjection> _injections = new();
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SimulatedRequest Request => request;

    /// <summary>Completes when there is something to inject.</summary>
    public Task Woken => Volatile.Read(ref _woken).Task;

    public void Abort()
    {
        try
        {
            abort();
        }
        catch (ObjectDisposedException)
        {
            // The request has ended by itself meanwhile.
        }
    }

    public void Inject(WatchInjection injection)
    {
        _injections.Enqueue(injection);
        Volatile.Read(ref _woken).TrySetResult();
    }

    public bool TryTake(out WatchInjection? injection)
    {
        // Renewed before the queue is looked at, so that an injection in between wakes the new task.
        if (Woken.IsCompleted)
            Volatile.Write(ref _woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var taken = _injections.TryDequeue(out injection);
        if (!_injections.IsEmpty)
            Volatile.Read(ref _woken).TrySetResult();
        return taken;
    }
}
