using KubePolicySemaphore.Clustering.Kubernetes.Telemetry;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>Orleans' membership table in one custom resource per cluster.</summary>
internal sealed class KubernetesMembershipTable(
    ClusterObject cluster, IOptions<ClusterOptions> options, FaultLog faults, MembershipMetrics metrics) : IMembershipTable
{
    /// <summary>
    /// Does nothing: the first insert makes the object. Orleans tries every operation again but this one, so whatever is
    /// wrong is met where it ends by itself once somebody has put it right.
    /// </summary>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        var table = await RunAsync("ReadAll", () => cluster.ReadAsync(cancellationToken), _ => OperationResult.Success, cancellationToken).ConfigureAwait(false);
        return table.ToData();
    }

    public async Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        var table = await ReadAllAsync(cancellationToken).ConfigureAwait(false);
        return new MembershipTableData([.. table.Members.Where(row => row.Item1.SiloAddress.Equals(key))], table.Version);
    }

    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        RunAsync("InsertRow", () => cluster.InsertAsync(entry, tableVersion.VersionEtag, cancellationToken), Won, cancellationToken);

    public Task<bool> UpdateRowAsync(MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default)
    {
        // Row and table have one ETag: both must be of the same reading.
        if (etag == tableVersion.VersionEtag)
            return RunAsync("UpdateRow", () => cluster.UpdateAsync(entry, etag, cancellationToken), Won, cancellationToken);
        metrics.Count("UpdateRow", OperationResult.LostRace);
        return Task.FromResult(false);
    }

    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) =>
        RunAsync("UpdateIAmAlive", () => cluster.BeatAsync(entry, cancellationToken), cancellationToken);

    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) =>
        RunAsync("CleanupDefunctSiloEntries", () => cluster.RemoveDeadAsync(beforeDate.UtcDateTime, cancellationToken), cancellationToken);

    /// <exception cref="ArgumentException">It is the id of another cluster.</exception>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default)
    {
        if (clusterId != options.Value.ClusterId)
            throw new ArgumentException($"This is the table of cluster '{options.Value.ClusterId}', not of '{clusterId}'.", nameof(clusterId));
        return RunAsync("DeleteMembershipTableEntries", () => cluster.DeleteAsync(cancellationToken), cancellationToken);
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    public Task<MembershipTableData> ReadAll() => ReadAllAsync();

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadRowAsync(key);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => UpdateRowAsync(entry, etag, tableVersion);

    public Task UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    public Task DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    private static OperationResult Won(bool won) => won ? OperationResult.Success : OperationResult.LostRace;

    private async Task RunAsync(string operation, Func<Task> run, CancellationToken cancellationToken) => await RunAsync(operation, async () =>
    {
        await run().ConfigureAwait(false);
        return true;
    }, Won, cancellationToken).ConfigureAwait(false);

    private async Task<T> RunAsync<T>(string operation, Func<Task<T>> run, Func<T, OperationResult> judge, CancellationToken cancellationToken)
    {
        try
        {
            var result = await run().ConfigureAwait(false);
            metrics.Count(operation, judge(result));
            faults.Succeeded(operation);
            return result;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Count(operation, OperationResult.Failure);
            faults.Failed(operation, exception);
            throw;
        }
    }
}
