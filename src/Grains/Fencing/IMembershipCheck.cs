namespace KubePolicySemaphore.Grains.Fencing;

/// <summary>Asks the membership itself, not what this silo remembers of it.</summary>
public interface IMembershipCheck
{
    /// <summary>True when this silo is still an active member.</summary>
    /// <param name="cancellationToken">Stops the question.</param>
    Task<bool> IsActiveAsync(CancellationToken cancellationToken);
}
