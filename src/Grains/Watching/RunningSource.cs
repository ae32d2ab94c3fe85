using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>A source with the task that runs it.</summary>
internal sealed class RunningSource : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPodSource _source;
    private readonly Task _run;

    public RunningSource(IPodSource source, WatcherSink sink)
    {
        _source = source;
        Sink = sink;
        // Off the activation's scheduler: only the sink's calls belong there.
        _run = Task.Run(() => source.RunAsync(sink, _stopping.Token));
    }

    public WatcherSink Sink { get; }

    public void RequestRelist() => _source.RequestRelist();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _source.DisposeAsync();
        _stopping.Dispose();
    }
}
