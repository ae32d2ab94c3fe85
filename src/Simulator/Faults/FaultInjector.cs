using System.Text;

namespace KubePolicySemaphore.Simulator;

/// <summary>Makes things go wrong on demand.</summary>
public sealed class FaultInjector
{
    private readonly ResourceCatalog _catalog;
    private readonly WatchSessions _watches;
    private readonly Lock _gate = new();
    private Fault[] _faults = [];

    internal FaultInjector(ResourceCatalog catalog, WatchSessions watches)
    {
        _catalog = catalog;
        _watches = watches;
    }

    /// <summary>Adds a fault; disposing of it, or <see cref="Clear"/>, ends it.</summary>
    public Fault Add(Fault fault)
    {
        lock (_gate)
            _faults = [.. _faults.Where(other => !other.Ended.IsCompleted), fault];
        return fault;
    }

    /// <summary>Ends all faults.</summary>
    public void Clear()
    {
        Fault[] ended;
        lock (_gate)
            (ended, _faults) = (_faults, []);
        foreach (var fault in ended)
            fault.Dispose();
    }

    /// <summary>Answers matching requests with a status code instead of doing them.</summary>
    public Fault Answer(
        Func<SimulatedRequest, bool> matches, int statusCode, TimeSpan? retryAfter = null, string? body = null, int? times = null) => Add(new Fault
        {
            Matches = matches,
            Times = times,
            Answer = new FaultAnswer(statusCode, retryAfter, body is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(body)),
        });

    /// <summary>Resets the connection instead of sending page <paramref name="page"/> (from 1) of a list.</summary>
    public Fault CutAtPage(int page, int? times = null) =>
        Add(new Fault { Matches = request => request.Verb == "list" && request.Page == page, Times = times, CutAfterBytes = 0 });

    /// <summary>Silences running and new watches while their connections stay open.</summary>
    public Fault StallWatches(Func<SimulatedRequest, bool>? matches = null) =>
        Add(new Fault { Matches = request => request.Verb == "watch" && matches?.Invoke(request) != false, Stall = true });

    /// <summary>Resets the connections of running watches; returns how many.</summary>
    public int CutWatches(Func<SimulatedRequest, bool>? matches = null) => _watches.ForEach(matches, session => session.Abort());

    /// <summary>Writes bytes into the streams of running watches as they are; returns into how many.</summary>
    /// <param name="raw">Anything: broken JSON, half a line, an event that never happened.</param>
    /// <param name="chunkBytes">Send in pieces of so many bytes, each flushed.</param>
    /// <param name="matches">Null: all watches.</param>
    public int InjectIntoWatches(ReadOnlyMemory<byte> raw, int? chunkBytes = null, Func<SimulatedRequest, bool>? matches = null) =>
        _watches.ForEach(matches, session => session.Inject(new WatchInjection(raw, chunkBytes, EndsWatch: false)));

    /// <summary>Writes bytes into running watches and then ends the streams cleanly (FIN); returns how many.</summary>
    public int EndWatches(ReadOnlyMemory<byte> lastBytes = default, Func<SimulatedRequest, bool>? matches = null) =>
        _watches.ForEach(matches, session => session.Inject(new WatchInjection(lastBytes, null, EndsWatch: true)));

    /// <summary>
    /// Makes every resourceVersion and continue token handed out so far too old. Running watches go on, as they do when
    /// the real server compacts.
    /// </summary>
    public void ForgetHistory()
    {
        foreach (var resource in _catalog.Served)
            resource.Table.ForgetHistory();
    }

    /// <summary>Ends running watches with an ERROR event of code 410 and forgets the history.</summary>
    public int ExpireWatches(Func<SimulatedRequest, bool>? matches = null)
    {
        ForgetHistory();
        return EndWatches(WatchEvents.Error(ApiError.Expired("The resourceVersion for the provided watch is too old.")), matches);
    }

    internal FaultPlan PlanFor(SimulatedRequest request) =>
        new([.. Volatile.Read(ref _faults).Where(fault => !fault.Stall && fault.TryStrike(request))]);

    /// <summary>Waits while a fault stalls this request.</summary>
    internal async Task WaitWhileStalledAsync(SimulatedRequest request, CancellationToken cancellationToken)
    {
        while (Array.Find(Volatile.Read(ref _faults), fault => fault.Stall && !fault.Ended.IsCompleted && fault.Matches(request)) is { } stall)
            await stall.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
