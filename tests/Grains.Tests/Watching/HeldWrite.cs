using KubePolicySemaphore.Grains.NetworkSets;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>A write of <see cref="FakeCalico"/> that is under way until the test says how it ends.</summary>
/// <param name="write">Verb and object name.</param>
public sealed class HeldWrite(string write)
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StoreResult> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAnswerLost;

    public string Write => write;

    /// <summary>Completed when the write has been sent.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets the server do it, on what stands there now; how that ended.</summary>
    public Task<StoreResult> LandAsync()
    {
        _released.TrySetResult();
        return _ended.Task;
    }

    /// <summary>Lets the server do it, and cancels whoever waits for the answer; how it ended at the server.</summary>
    public Task<StoreResult> LandUnheardAsync()
    {
        _isAnswerLost = true;
        return LandAsync();
    }

    /// <summary>Cancels it before it has got to the server.</summary>
    public void Cancel() => _released.TrySetCanceled();

    internal Task ArriveAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }

    internal StoreResult Answer(StoreResult result)
    {
        _ended.TrySetResult(result);
        return _isAnswerLost ? throw new OperationCanceledException("the answer was not waited for") : result;
    }
}
