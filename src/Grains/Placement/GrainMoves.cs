using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace KubePolicySemaphore.Grains.Placement;

/// <summary>Sends activations from one silo to another.</summary>
internal static class GrainMoves
{
    /// <summary>Once its calls under way have ended, the grain goes to that silo, and what waits for it with it.</summary>
    public static void MoveTo(this IGrainBase grain, SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        grain.MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }
}
