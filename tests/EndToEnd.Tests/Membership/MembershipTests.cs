using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Membership;

/// <summary>Which pod is a member. That a pod is not is seen once a later pod of its set, the marker, is.</summary>
[Collection(StandingWorld.Collection)]
public sealed class MembershipTests(StandingWorld standing)
{
    private const string Marker = "10.0.0.200";
    private const string MarkerNet = "10.0.0.200/32";

    private readonly World _world = standing.World;

    [RealApiServerFact]
    public async Task Pod_WithoutAddress_IsAMemberOnceItHasOne()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web");
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, MarkerNet);

        await blue.Server.Admin.ReportAsync(pod with { Addresses = ["10.0.0.1"] });

        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);
    }

    [RealApiServerTheory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    public async Task Pod_Finished_Leaves(string phase)
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "job-0", "web", "10.0.0.1");
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);

        await blue.Server.Admin.ReportAsync(pod with { Phase = phase });

        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_Pending_IsAMemberWhileItHasAnAddress()
    {
        var (blue, shop, name) = await NewSetAsync();
        await blue.Server.Admin.CreatePodAsync(blue.Pod(shop, "web-0", "web", "10.0.0.1") with { Phase = "Pending" });

        await _world.WaitForNetsAsync(name, "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Pod_OnTheHostNetwork_IsNoMember()
    {
        var (blue, shop, name) = await NewSetAsync();
        await blue.Server.Admin.CreatePodAsync(blue.Pod(shop, "agent-0", "web", "10.0.0.1") with { HostNetwork = true });
        await blue.RunAsync(shop, "marker", "web", Marker);

        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_OnTheHostNetworkOfAClusterThatIncludesIt_IsAMember()
    {
        var shop = await standing.Hosts.CreateNamespaceAsync();
        await standing.Hosts.Server.Admin.CreatePodAsync(standing.Hosts.Pod(shop, "agent-0", "web", "10.0.0.1") with { HostNetwork = true });

        await _world.WaitForNetsAsync(standing.Hosts.ObjectOf(shop, "web"), "10.0.0.1/32");
    }

    [RealApiServerFact]
    public async Task Pod_Terminating_StaysUntilItIsGone()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await blue.Server.Admin.DeletePodAsync(pod, gracePeriodSeconds: 30);
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);

        await blue.Server.Admin.DeletePodAsync(pod);
        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_OfTwoFamilies_GivesBothAddresses()
    {
        var (blue, shop, name) = await NewSetAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1", "fd00::1");

        await _world.WaitForNetsAsync(name, "10.0.0.1/32", "fd00::1/128");
    }

    [RealApiServerFact]
    public async Task Address_OfTwoPods_StaysUntilTheLastIsGone()
    {
        var (blue, shop, name) = await NewSetAsync();
        var first = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        var second = await blue.RunAsync(shop, "web-1", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await blue.Server.Admin.DeletePodAsync(first);
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);

        await blue.Server.Admin.DeletePodAsync(second);
        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_WithANewAddress_LosesTheOldOne()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await blue.Server.Admin.ReportAsync(pod with { Addresses = ["10.0.0.2"] });

        await _world.WaitForNetsAsync(name, "10.0.0.2/32");
    }

    [RealApiServerFact]
    public async Task Pod_WhoseAnnotationChanges_MovesToTheOtherSet()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);

        await blue.PatchMetadataAsync(pod, "annotations", "uw.systems/networkset-name", "api");

        await _world.WaitForNetsAsync(blue.ObjectOf(shop, "api"), "10.0.0.1/32");
        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_ThatLosesTheLabel_Leaves()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await blue.RunAsync(shop, "marker", "web", Marker);
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", MarkerNet);

        await blue.PatchMetadataAsync(pod, "labels", "uw.systems/networksets", null);

        await _world.WaitForNetsAsync(name, MarkerNet);
    }

    [RealApiServerFact]
    public async Task Pod_MadeAnewUnderItsName_CountsWithItsNewAddress()
    {
        var (blue, shop, name) = await NewSetAsync();
        var pod = await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");

        await blue.Server.Admin.DeletePodAsync(pod);
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.2");

        await _world.WaitForNetsAsync(name, "10.0.0.2/32");
    }

    private async Task<(RemoteCluster Blue, string Shop, string Name)> NewSetAsync()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        return (standing.Blue, shop, standing.Blue.ObjectOf(shop, "web"));
    }
}
