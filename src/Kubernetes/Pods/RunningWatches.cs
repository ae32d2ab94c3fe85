namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The watches that go on from one accepted list, one for each query.</summary>
internal sealed class RunningWatches
{
    private readonly IReadOnlyList<PodWatch> _watches;
    private readonly List<Task> _tasks = [];
    private readonly CancellationTokenSource _stop;

    private RunningWatches(IReadOnlyList<PodWatch> watches, CancellationToken cancellationToken)
    {
        _watches = watches;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Before the first list.</summary>
    public static RunningWatches None { get; } = new([], CancellationToken.None);

    /// <summary>Completes when a watch can go on no longer, or failed; never when there is none.</summary>
    public Task FirstEnd { get; private set; } = new TaskCompletionSource().Task;

    public static RunningWatches Start(IReadOnlyList<PodWatch> watches, CancellationToken cancellationToken)
    {
        var running = new RunningWatches(watches, cancellationToken);
        running._tasks.AddRange(watches.Select(watch => watch.RunAsync(running._stop.Token)));
        running.FirstEnd = FirstOf(running._tasks);
        return running;
    }

    public Task<bool> BeginListAsync()
    {
        foreach (var watch in _watches)
            watch.BeginList();
        return Task.FromResult(true);
    }

    public Task<bool> EndListAsync()
    {
        foreach (var watch in _watches)
            watch.EndList();
        return Task.FromResult(true);
    }

    public PodListing BringUpToDate(int query, PodListing listing) => _watches.Count == 0 ? listing : _watches[query].BringUpToDate(listing);

    public Task CancelAsync() => _stop.CancelAsync();

    /// <summary>Ends all; true when one of them was still running.</summary>
    public async Task<bool> StopAsync()
    {
        if (_tasks.Count == 0)
            return false;
        var running = _tasks.Exists(task => !task.IsCompletedSuccessfully);
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        return running;
    }

    private static async Task FirstOf(List<Task> tasks) => await (await Task.WhenAny(tasks).ConfigureAwait(false)).ConfigureAwait(false);
}
