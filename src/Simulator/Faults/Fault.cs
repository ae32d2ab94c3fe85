namespace KubePolicySemaphore.Simulator;

/// <summary>Something that goes wrong with matching requests until it is used up, cleared or disposed of.</summary>
public sealed class Fault : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _hits;

    /// <summary>The requests it strikes.</summary>
    public required Func<SimulatedRequest, bool> Matches { get; init; }

    /// <summary>How many requests it strikes.</summary>
    /// <value>Null: all, until it is cleared.</value>
    public int? Times { get; init; }

    /// <summary>Answer this instead of doing the request.</summary>
    public FaultAnswer? Answer { get; init; }

    /// <summary>Wait so long before doing the request.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Do the request, then reset the connection without an answer.</summary>
    public bool DropAnswer { get; init; }

    /// <summary>Reset the connection when so many bytes of the body are sent; 0 sends the headers only.</summary>
    public long? CutAfterBytes { get; init; }

    /// <summary>End the body as if it were complete (FIN) rather than by a reset, when it is cut.</summary>
    public bool CutCleanly { get; init; }

    /// <summary>Send the body in pieces of so many bytes.</summary>
    public int? ChunkBytes { get; init; }

    /// <summary>Wait so long between two pieces.</summary>
    public TimeSpan ChunkDelay { get; init; }

    /// <summary>Keep the connection open and send nothing more; also strikes watches that run already.</summary>
    public bool Stall { get; init; }

    /// <summary>Requests struck so far.</summary>
    public int Hits => Volatile.Read(ref _hits);

    internal Task Ended => _ended.Task;

    /// <summary>Ends the fault; what it holds up goes on.</summary>
    public void Dispose() => _ended.TrySetResult();

    internal bool TryStrike(SimulatedRequest request)
    {
        if (Ended.IsCompleted || !Matches(request))
            return false;
        var hit = Interlocked.Increment(ref _hits);
        if (hit <= (Times ?? int.MaxValue))
            return true;
        Interlocked.Decrement(ref _hits);
        return false;
    }
}
