using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Spreads the watchers evenly over the silos; see <see cref="WatcherAssignment"/>.</summary>
[GenerateSerializer, Immutable, Alias("kps.WatcherPlacement")]
internal sealed class WatcherPlacement : PlacementStrategy;

/// <summary>Places the grain class as <see cref="WatcherPlacement"/> says.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WatcherPlacementAttribute() : PlacementAttribute(new WatcherPlacement());
