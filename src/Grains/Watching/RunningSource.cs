using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Keeps a source of a cluster's pods running. One that ends by a fault of its own, which no source should, is told of and
/// replaced by a new one: a cluster that nobody reads any more must never be silent.
/// </summary>
internal sealed partial class RunningSource : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<IPodSource> _create;
    private readonly string _cluster;
    private readonly WatcherServices _services;
    private readonly Task _run;
    private volatile IPodSource _source;

    /// <param name="cluster">Its name.</param>
    /// <param name="create">Makes a source that was not started yet.</param>
    /// <param name="sink">Takes what each source reads, one after the other.</param>
    /// <param name="services">Clock and log.</param>
    public RunningSource(string cluster, Func<IPodSource> create, WatcherSink sink, WatcherServices services)
    {
        (_cluster, _create, Sink, _services) = (cluster, create, sink, services);
        _source = create();
        // Off the activation's scheduler: only the sink's calls belong there.
        _run = Task.Run(RunAsync);
    }

    public WatcherSink Sink { get; }

    public void RequestRelist() => _source.RequestRelist();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (true)
        {
            await using (_source)
                await RunOnceAsync(_source);
            await Task.Delay(PauseAfterFault, _services.Time, _stopping.Token);
            _source = _create();
        }
    }

    private async Task RunOnceAsync(IPodSource source)
    {
        try
        {
            await source.RunAsync(Sink, _stopping.Token);
        }
#pragma warning disable CA1031 // Whatever ended the source, the cluster must be read on.
        catch (Exception exception) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogFault(_services.Logger, exception, _cluster, PauseAfterFault);
            var error = $"reading ended by a fault, the log has it: {RemoteText.Escape(exception.Message)}";
            Sink.Report(new PodSourceReport.Failed(ClusterFailureReason.Internal, error, PauseAfterFault));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading {Cluster} ended by a fault; it begins anew in {Pause}")]
    private static partial void LogFault(ILogger logger, Exception exception, string cluster, TimeSpan pause);
}
