namespace KubePolicySemaphore.Grains.Membership;

/// <summary>What a complete list would leave of the addresses that are known.</summary>
/// <param name="Before">Addresses now, counted once per set.</param>
/// <param name="Kept">How many of them stay.</param>
public readonly record struct RelistPlan(int Before, int Kept)
{
    /// <summary>How many would go.</summary>
    public int Removed => Before - Kept;
}
