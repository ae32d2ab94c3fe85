using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Grains.Watching;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>
/// Keeps every cluster's watcher alive by calling it every few seconds, on every silo: so a watcher comes back wherever
/// its silo died, without any storage of reminders.
/// </summary>
internal sealed partial class Supervisor(
    IGridConfiguration configuration, IGrainFactory grains, ISiloStatusOracle silos, NetworkSetCatalog catalog, StatusBoard board,
    SiloSettings settings, SiloDrain drain, WatcherAlarm alarm, TimeProvider time, Random random, ILogger<Supervisor> logger)
    : BackgroundService, ISiloStatusListener
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // From an alarm to the round, half of it at random: what is lost together is looked for in one round, and not by all silos
    // in the same moment.
    private static readonly TimeSpan AlarmDelay = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    // Leaves the larger part of the shutdown to what the watchers have under way.
    private static readonly TimeSpan MaxDrain = TimeSpan.FromSeconds(10);

    // Calls that hang cost a round no more than the timeout for each 64 clusters.
    private const int Parallelism = 64;

    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);

    /// <summary>Hands the watchers over before the silo leaves, while it still goes round: its calls start them elsewhere.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        drain.Begin();
        if (silos.GetApproximateSiloStatuses(onlyActive: true).Count > 1)
            await drain.WhenEmptyAsync(MaxDrain, cancellationToken).ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A silo that is gone has left its clusters without a watcher.</summary>
    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (status == SiloStatus.Dead)
            alarm.Raise();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The silo's start must not wait for the first round.
        await Task.Yield();
        board.Beat();
        silos.SubscribeToSiloStatusEvents(this);
        while (!stoppingToken.IsCancellationRequested)
        {
            // Taken before the round, so that a change during it is not missed.
            var (reload, alarmed) = (configuration.GetReloadToken(), alarm.Raised);
            await RunRoundAsync(stoppingToken).ConfigureAwait(false);

            using var wake = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            using var reloaded = reload.RegisterChangeCallback(static state => ((CancellationTokenSource)state!).Cancel(), wake);
            // Jittered: the silos of a grid must not call in step.
            var next = Task.Delay(Period * (0.75 + (0.5 * random.NextDouble())), time, wake.Token);
            if (await Task.WhenAny(next, alarmed).ConfigureAwait(false) == alarmed)
                await Task.Delay(AlarmDelay * (0.5 + (0.5 * random.NextDouble())), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await wake.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task RunRoundAsync(CancellationToken stoppingToken)
    {
        var current = configuration.Current;
        // Clusters that have left still have a watcher while objects of ours wait to go.
        var clusters = current.Clusters.Select(cluster => cluster.Name)
            .Union(catalog.ClustersMarkedBy(current.ServiceId), StringComparer.Ordinal)
            .ToHashSet(StringComparer.Ordinal);
        board.Keep(clusters);
        using var slots = new SemaphoreSlim(Parallelism);
        await Task.WhenAll(clusters.Select(cluster => CallAsync(cluster, slots, stoppingToken))).ConfigureAwait(false);
        board.Beat();
    }

    private async Task CallAsync(string cluster, SemaphoreSlim slots, CancellationToken stoppingToken)
    {
        try
        {
            await slots.WaitAsync(stoppingToken).ConfigureAwait(false);
            try
            {
                board.Heard(await SuperviseAsync(cluster, stoppingToken).ConfigureAwait(false));
            }
            finally
            {
                slots.Release();
            }

            Told(cluster, error: null);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
#pragma warning disable CA1031 // A call may fail with anything that a grain throws, and no failure may stop the other clusters' calls.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var error = SafeText.Escape(exception.Message);
            board.Failed(cluster, error);
            Told(cluster, error);
        }
    }

    private Task<ClusterStatus> SuperviseAsync(string cluster, CancellationToken stoppingToken) =>
        grains.GetGrain<IRemoteClusterWatcherGrain>(cluster)
            .SuperviseAsync(configuration.Current.Find(cluster) is null ? null : settings.SiloName, stoppingToken)
            .WaitAsync(CallTimeout, time, stoppingToken);

    /// <summary>Tells once when a watcher falls silent, and once when it is back.</summary>
    private void Told(string cluster, string? error)
    {
        lock (_silent)
        {
            if (error is null ? _silent.Remove(cluster) : _silent.Add(cluster))
            {
                if (error is null)
                    LogAnswers(cluster);
                else
                    LogSilent(cluster, error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watcher of {Cluster} does not answer: {Fault}")]
    private partial void LogSilent(string cluster, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The watcher of {Cluster} answers again")]
    private partial void LogAnswers(string cluster);
}
