using KubePolicySemaphore.Clustering.Kubernetes.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>The gateways of the active silos, for clients. Only reads; the right <c>get</c> is enough.</summary>
internal sealed class KubernetesGatewayListProvider(
    ClusterObject cluster, IOptions<GatewayOptions> options, FaultLog faults, MembershipMetrics metrics) : IGatewayListProvider
{
    private const string Operation = "GetGateways";

    public TimeSpan MaxStaleness => options.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        try
        {
            var table = await cluster.GetAsync(CancellationToken.None).ConfigureAwait(false);
            metrics.Seen(table);
            metrics.Count(Operation, OperationResult.Success);
            faults.Succeeded(Operation);
            return [.. table.Active.Where(entry => entry.ProxyPort != 0).Select(entry =>
                SiloAddress.New(entry.SiloAddress.Endpoint.Address, entry.ProxyPort, entry.SiloAddress.Generation).ToGatewayUri())];
        }
        catch (KubernetesClusteringException exception)
        {
            metrics.Count(Operation, OperationResult.Failure);
            faults.Failed(Operation, exception);
            throw;
        }
    }
}
