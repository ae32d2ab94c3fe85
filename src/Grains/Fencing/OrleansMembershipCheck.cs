using Orleans.Runtime;

namespace KubePolicySemaphore.Grains.Fencing;

/// <summary>
/// Reads this silo's row of the membership table. Orleans' own view would not do: a refresh may join one that was begun
/// before the gap, and it shows the local silo as the local silo sees itself.
/// </summary>
internal sealed class OrleansMembershipCheck(IMembershipTable table, ILocalSiloDetails local) : IMembershipCheck
{
    public async Task<bool> IsActiveAsync(CancellationToken cancellationToken)
    {
        var row = await table.ReadRowAsync(local.SiloAddress, cancellationToken).ConfigureAwait(false);
        return row.TryGet(local.SiloAddress)?.Item1.Status == SiloStatus.Active;
    }
}
