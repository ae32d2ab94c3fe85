namespace KubePolicySemaphore.Bench.Grid;

/// <summary>What was done to Calico that no pod asked for.</summary>
/// <param name="TakenAddresses">Addresses that went out of a set while their pod had them.</param>
/// <param name="LostSets">Sets that were deleted or emptied while they had pods.</param>
internal sealed record GridHarm(int TakenAddresses, int LostSets)
{
    public static GridHarm operator -(GridHarm left, GridHarm right) =>
        new(left.TakenAddresses - right.TakenAddresses, left.LostSets - right.LostSets);
}
