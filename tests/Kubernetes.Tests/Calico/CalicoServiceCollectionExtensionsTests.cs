using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

public sealed class CalicoServiceCollectionExtensionsTests
{
    [Fact]
    public async Task AddCalicoNetworkSetStore_WithTheLocalClusterAsAService_WritesToIt()
    {
        await using var server = await SimulatedApiServer.StartAsync(new SimulatorOptions { CalicoApis = CalicoApis.Both });
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new LocalClusterOptions { Connection = new() { ApiUrl = server.Uri }, CalicoApi = CalicoApiChoice.CrdV1 })
            .AddCalicoNetworkSetStore()
            .BuildServiceProvider();

        var result = await services.GetRequiredService<INetworkSetStore>().CreateAsync(StoreUnderTest.Write("web", "10.0.0.1"), default);

        Assert.Equal(StoreOutcome.Done, result.Outcome);
        Assert.Contains(server.Requests.Newest, request => request is { Verb: "create", Group: "crd.projectcalico.org" });
    }
}
