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
        // Orleans takes away what the grain directory of a silo that leaves knew of, on the silos that stay too.
        if (reason.ReasonCode is not (DeactivationReasonCode.Migrating or DeactivationReasonCode.ApplicationRequested or DeactivationReasonCode.ShuttingDown))
            services.Alarm.Raise();
    }

    private Task TickAsync()
    {
        Watcher.Tick();
        Report.Publish();
        if (Watcher.IsDone)
            DeactivateOnIdle();
        else if (Destination() is { } silo)
            this.MoveTo(silo);
        return Task.CompletedTask;
    }

    /// <summary>Where the watcher should go now; null while it should stay.</summary>
    private SiloAddress? Destination()
    {
        // Here nobody follows the cluster; a silo that has it in its configuration does.
        if (Watcher.IsClaimedElsewhere)
            return services.Seats.Find(Watcher.Claimants);
        var silo = services.Seats.Elsewhere(this.GetPrimaryKeyString());
        if (silo is null)
        {
            _misplacedSince = null;
            return null;
        }

        _misplacedSince ??= services.Time.GetTimestamp();
        if (services.Drain.HasBegun)
            return silo;
        var waited = services.Time.GetElapsedTime(_misplacedSince.Value) >= MoveAfter;
        // One with the older file does not claim the cluster, and would not watch it.
        return waited && services.Seats.SiloNameOf(silo) is { } name && Watcher.Claimants.Contains(name) ? silo : null;
    }
}
