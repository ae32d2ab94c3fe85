using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Status;
using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>See <see cref="IRemoteClusterWatcherGrain"/>. Holds the watcher on the activation's scheduler and keeps itself alive.</summary>
[WatcherPlacement]
[SuppressMessage("Reliability", "CA1001", Justification = "A grain ends in OnDeactivateAsync, where the watcher is disposed with a deadline.")]
internal sealed class RemoteClusterWatcherGrain(WatcherServices services) : Grain, IRemoteClusterWatcherGrain
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(500);

    // Silos do not learn of each other's coming and going in the same moment, nor of a new configuration.
    private static readonly TimeSpan MoveAfter = TimeSpan.FromSeconds(10);

    private ClusterWatcher? _watcher;
    private WatcherReport? _report;
    private long? _misplacedSince;

    private ClusterWatcher Watcher => _watcher ?? throw new InvalidOperationException("The grain is not active.");

    private WatcherReport Report => _report ?? throw new InvalidOperationException("The grain is not active.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // What runs from here is nobody's request.
        Activity.Current = null;
        RequestContext.Clear();
        services.Drain.Enter();
        _watcher = new ClusterWatcher(this.GetPrimaryKeyString(), services, TaskScheduler.Current);
        _report = new WatcherReport(this.GetPrimaryKeyString(), _watcher, services);
        this.RegisterGrainTimer(
            static (grain, _) => grain.TickAsync(),
            this,
            new GrainTimerCreationOptions { DueTime = TimeSpan.Zero, Period = TickPeriod, Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task<ClusterStatus> SuperviseAsync(string? claimedBy, CancellationToken cancellationToken)
    {
        if (claimedBy is not null && claimedBy != services.SiloName)
            Watcher.Claim(claimedBy);
        Watcher.Tick();
        return Task.FromResult(Report.GetStatus());
    }

    public Task<ImmutableArray<NetworkSetStatus>> GetSetsAsync(string? podNamespace, string? name, CancellationToken cancellationToken) =>
        Task.FromResult(Report.GetSets(podNamespace, name));

    public Task<ImmutableArray<Explanation>> ExplainAddressAsync(PodAddress address, CancellationToken cancellationToken) =>
        Task.FromResult(Report.ExplainAddress(address));

    public Task<ImmutableArray<Explanation>> ExplainPodAsync(string podNamespace, string pod, CancellationToken cancellationToken) =>
        Task.FromResult(Report.ExplainPod(podNamespace, pod));

    public Task<ImmutableArray<ClusterEvent>> GetEventsAsync(long after, CancellationToken cancellationToken) =>
        Task.FromResult(Watcher.Events.After(after));

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await Watcher.DisposeAsync().AsTask().WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        services.Drain.Leave();
    }

    private Task TickAsync()
    {
        Watcher.Tick();
        Report.Publish();
        if (Watcher.IsDone)
            DeactivateOnIdle();
        else if (ShouldMove())
            MigrateOnIdle();
        return Task.CompletedTask;
    }

    private bool ShouldMove()
    {
        if (!services.Seats.BelongsElsewhere(this.GetPrimaryKeyString()))
            _misplacedSince = null;
        else
            _misplacedSince ??= services.Time.GetTimestamp();
        return _misplacedSince is { } since && (services.Drain.HasBegun || services.Time.GetElapsedTime(since) >= MoveAfter);
    }
}
