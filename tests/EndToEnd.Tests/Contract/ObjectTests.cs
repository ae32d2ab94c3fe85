using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.EndToEnd.Tests.Contract;

/// <summary>What users' policies depend on.</summary>
[Collection(StandingWorld.Collection)]
public sealed class ObjectTests(StandingWorld standing)
{
    private readonly World _world = standing.World;

    [RealApiServerFact]
    public async Task Object_OfASet_HasTheContractsNameLabelsAndMark()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        await standing.Blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        var name = $"{standing.Blue.Name}-{shop}-web";
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        var written = await _world.NetworkSets.GetAsync(name);
        Assert.Equal("crd.projectcalico.org/v1", written["apiVersion"]!.GetValue<string>());
        Assert.Equal("GlobalNetworkSet", written["kind"]!.GetValue<string>());
        Assert.Equal(new Dictionary<string, string>
        {
            ["managed-by"] = "calico-global-network-sync-operator",
            ["name"] = "web",
            ["namespace"] = shop,
            ["remote-cluster-name"] = standing.Blue.Name,
        }, NetworkSets.LabelsOf(written));
        Assert.Equal(new Dictionary<string, string> { ["kube-policy-semaphore/owner"] = _world.ServiceId }, NetworkSets.AnnotationsOf(written));
    }

    [RealApiServerFact]
    public async Task Nets_OfManyPods_AreSortedByTextWithoutDuplicates()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        string[] addresses = ["10.0.0.9", "10.0.0.10", "9.0.0.1", "10.0.0.100", "10.0.0.10"];
        foreach (var (number, address) in addresses.Index())
            await standing.Blue.RunAsync(shop, $"web-{number}", "web", address);

        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "web"), "10.0.0.10/32", "10.0.0.100/32", "10.0.0.9/32", "9.0.0.1/32");
    }

    [RealApiServerTheory]
    [InlineData("FD00:0010:0004:0000:0000:0000:0000:00AB", "fd00:10:4::ab/128")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1/128")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128")]
    public async Task Net_OfAnIPv6Address_IsItsRfc5952TextWith128(string address, string net)
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        await standing.Blue.RunAsync(shop, "web-0", "web", address);

        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "web"), net);
    }

    [RealApiServerFact]
    public async Task Set_OfTwoClusters_IsOneObjectEach()
    {
        var (blueShop, greenShop) = (await standing.Blue.CreateNamespaceAsync(), await standing.Green.CreateNamespaceAsync());
        await standing.Blue.RunAsync(blueShop, "web-0", "web", "10.0.0.1");
        await standing.Green.RunAsync(greenShop, "web-0", "web", "10.0.0.2");

        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(blueShop, "web"), "10.0.0.1/32");
        await _world.WaitForNetsAsync(standing.Green.ObjectOf(greenShop, "web"), "10.0.0.2/32");
    }

    [RealApiServerFact]
    public async Task Set_WithoutMembersAnyMore_HasNoObject()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        var pod = await standing.Blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "web"), "10.0.0.1/32");

        await standing.Blue.Server.Admin.DeletePodAsync(pod);

        await _world.WaitForNoneAsync(standing.Blue.ObjectOf(shop, "web"));
    }

    [RealApiServerFact]
    public async Task Object_OfTheSemaphorePolicyConvention_HasItsLabels()
    {
        var shop = await standing.Semaphore.CreateNamespaceAsync();
        var pod = standing.Semaphore.Own(new TestPod(shop, "web-0")
        {
            Addresses = ["10.0.0.1"],
            Labels = new Dictionary<string, string> { ["policy.semaphore.uw.io/name"] = "web" },
        });
        await standing.Semaphore.Server.Admin.CreatePodAsync(pod);
        var name = standing.Semaphore.ObjectOf(shop, "web");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        Assert.Equal(new Dictionary<string, string>
        {
            ["managed-by"] = "semaphore-policy",
            ["policy.semaphore.uw.io/name"] = "web",
            ["policy.semaphore.uw.io/namespace"] = shop,
            ["policy.semaphore.uw.io/cluster"] = standing.Semaphore.Name,
        }, NetworkSets.LabelsOf(await _world.NetworkSets.GetAsync(name)));
    }
}
