using System.Diagnostics.Metrics;
using KubePolicySemaphore.Clustering.Kubernetes.Membership;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Telemetry;

/// <summary>The meter <see cref="Name"/>: operations by kind and result, the table's version, silos by status.</summary>
internal sealed class MembershipMetrics : IDisposable
{
    public const string Name = "KubePolicySemaphore.Clustering.Kubernetes";

    private static readonly string[] Operations =
        ["ReadAll", "InsertRow", "UpdateRow", "UpdateIAmAlive", "CleanupDefunctSiloEntries", "DeleteMembershipTableEntries", "GetGateways", "Repair"];

    private readonly Meter _meter;
    private readonly Counter<long> _operations;
    private ClusterTable? _table;

    /// <param name="factory">That of the host; a meter of its own where there is none.</param>
    public MembershipMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(Name) ?? new Meter(Name);
        _operations = _meter.CreateCounter<long>(
            "orleans.kubernetes.membership.operations", "{operation}", "Operations on the membership object; a lost race is tried again by Orleans");
        _meter.CreateObservableGauge("orleans.kubernetes.membership.version", Versions, null, "Version of the membership table as last seen");
        _meter.CreateObservableGauge("orleans.kubernetes.membership.silos", Silos, "{silo}", "Entries of the membership table as last seen");
        // Alerts on a rate need the zero before the first failure.
        foreach (var operation in Operations)
        {
            foreach (var result in Enum.GetValues<OperationResult>())
                Count(operation, result, 0);
        }
    }

    public void Count(string operation, OperationResult result, int count = 1) =>
        _operations.Add(count, new("operation", operation), new("result", result.ToString()));

    public void Seen(ClusterTable table) => Volatile.Write(ref _table, table);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Versions()
    {
        if (Volatile.Read(ref _table) is { } table)
            yield return new Measurement<int>(table.Version);
    }

    private IEnumerable<Measurement<int>> Silos()
    {
        if (Volatile.Read(ref _table) is not { } table)
            yield break;
        foreach (var status in Enum.GetValues<SiloStatus>().Where(status => status != SiloStatus.None))
            yield return new Measurement<int>(table.Members.Values.Count(entry => entry.Status == status), new KeyValuePair<string, object?>("status", status.ToString()));
    }
}
