using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Answers Orleans where a watcher goes.</summary>
internal sealed class WatcherPlacementDirector(WatcherSeats seats) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(seats.SiloOf(target.GrainIdentity.Key.ToString()!, context.GetCompatibleSilos(target)));
}
