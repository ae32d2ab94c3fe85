using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Answers Orleans where a watcher goes.</summary>
internal sealed class WatcherPlacementDirector(WatcherSeats seats) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        // A watcher that moves may know better than this silo's configuration.
        return Task.FromResult(
            IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) ?? seats.SiloOf(target.GrainIdentity.Key.ToString()!, silos));
    }
}
