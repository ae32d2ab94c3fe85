using KubePolicySemaphore.TestBench;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Contract;

public sealed class GatewayTests
{
    [RealApiServerFact]
    public async Task Gateways_OfACluster_AreThoseOfActiveSilosThatHaveOne()
    {
        await using var cluster = await TestTable.CreateAsync();
        await cluster.InsertAsync(SiloStatus.Joining);
        await cluster.InsertAsync(SiloStatus.Dead);
        var silent = TestEntry.Create(SiloStatus.Active);
        silent.ProxyPort = 0;
        Assert.True(await cluster.Table.InsertRowAsync(silent, (await cluster.Table.ReadAllAsync()).Version.Next()));
        var open = await cluster.InsertAsync(SiloStatus.Active);

        var gateway = Assert.Single(await cluster.Gateways.GetGateways());

        Assert.Equal(SiloAddress.New(open.SiloAddress.Endpoint.Address, open.ProxyPort, open.SiloAddress.Generation).ToGatewayUri(), gateway);
    }

    [RealApiServerFact]
    public async Task Gateways_OfAClusterThatNeverWas_AreNone()
    {
        await using var cluster = await TestTable.CreateAsync();

        Assert.Empty(await cluster.Gateways.GetGateways());
    }
}
