using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>What the watchers of a silo share.</summary>
internal sealed record WatcherServices(
    IPodSourceFactory Sources,
    NetworkSetCatalog Catalog,
    IGridConfiguration Configuration,
    GridMetrics Metrics,
    IGrainFactory Grains,
    WatcherSeats Seats,
    SiloDrain Drain,
    SiloPulse Pulse,
    WatcherAlarm Alarm,
    TimeProvider Time,
    Random Random,
    ILogger<ClusterWatcher> Logger)
{
    /// <summary>The name by which people know this silo.</summary>
    public required string SiloName { get; init; }
}
