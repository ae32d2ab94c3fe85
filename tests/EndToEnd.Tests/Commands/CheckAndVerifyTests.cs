using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Commands;

/// <summary>The commands that reach the clusters themselves.</summary>
public sealed class CheckAndVerifyTests : IAsyncLifetime
{
    private World _world = null!;
    private RemoteCluster _blue = null!;

    public async Task InitializeAsync()
    {
        _world = await World.CreateAsync();
        _blue = await _world.AddClusterAsync("blue");
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [RealApiServerFact]
    public async Task Check_WithTheShippedRights_EndsWithZero()
    {
        await _world.ConfigureAsync("", await _blue.EntryAsync("allowedCidrs: [10.0.0.0/8]"));
        await using var check = await _world.RunAsync("check");

        Assert.Equal((0, ""), (check.ExitCode, check.Error.ToString()));
        Assert.Contains(_blue.Name, check.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("crd.projectcalico.org/v1", check.Output.ToString(), StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Check_WithNamespacedRightsOnly_EndsWithZeroForTheseNamespaces()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var kubeconfig = await _blue.Server.WriteKubeconfigAsync(await ShippedRoles.NamespacedTokenAsync(_blue.Server, shop));
        await _world.ConfigureAsync("", _blue.Entry($"kubeconfig: {kubeconfig}", $"namespaces: [{shop}]"));
        await using var within = await _world.RunAsync("check");
        await _world.ConfigureAsync("", _blue.Entry($"kubeconfig: {kubeconfig}"));
        await using var everywhere = await _world.RunAsync("check");

        Assert.Equal((0, 1), (within.ExitCode, everywhere.ExitCode));
    }

    [RealApiServerFact]
    public async Task Check_WithoutTheRightToWatch_NamesItAndEndsWithOne()
    {
        var user = TestUser.Pool[0];
        await _blue.Server.Admin.GrantAsync(user.Name, new RbacRule("", "pods", "list"));
        await _world.ConfigureAsync("", _blue.Entry($"kubeconfig: {await _blue.Server.WriteKubeconfigAsync(user.Token)}"));
        await using var check = await _world.RunAsync("check");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(check.Output.Snapshot(), line =>
            line.Contains(_blue.Name, StringComparison.Ordinal) && line.Contains("watch", StringComparison.Ordinal) && line.Contains("pods", StringComparison.Ordinal));
    }

    [RealApiServerFact]
    public async Task Check_OfAClusterThatDoesNotAnswer_EndsWithOne()
    {
        var port = FreePorts.Take(1)[0];
        await _world.ConfigureAsync("", await _blue.EntryAsync(),
            (await _world.AddClusterAsync("green")).Entry($"apiUrl: https://127.0.0.1:{port}", $"caFile: {_blue.Server.CaFile}"));
        await using var check = await _world.RunAsync("check");
        await using var offline = await _world.RunAsync("check", "--offline");

        Assert.Equal((1, 0), (check.ExitCode, offline.ExitCode));
    }

    [RealApiServerFact]
    public async Task Verify_OfAGridInSync_EndsWithZeroAndWithOneAfterAnEdit()
    {
        var shop = await _blue.CreateNamespaceAsync();
        await _blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _blue.RunAsync(shop, "api-0", "api", "10.0.0.2");
        await _world.ConfigureAsync("", await _blue.EntryAsync());
        await _world.StartAsync();
        await _world.WaitForNetsAsync(_blue.ObjectOf(shop, "web"), "10.0.0.1/32");
        await _world.WaitForNetsAsync(_blue.ObjectOf(shop, "api"), "10.0.0.2/32");
        Assert.Equal(0, await _world.Program.TerminateAsync());

        await using var same = await _world.RunAsync("verify");
        Assert.Equal((0, ""), (same.ExitCode, same.Error.ToString()));

        await _world.NetworkSets.SetNetsAsync(_blue.ObjectOf(shop, "web"), "10.0.0.1/32", "192.168.0.1/32");
        await _world.NetworkSets.DeleteAsync(_blue.ObjectOf(shop, "api"));
        await using var different = await _world.RunAsync("verify");
        Assert.Equal(1, different.ExitCode);
        var told = different.Output.ToString();
        Assert.All([$"{_blue.Name}/{shop}/web", "192.168.0.1/32", $"{_blue.Name}/{shop}/api", "10.0.0.2/32"],
            text => Assert.Contains(text, told, StringComparison.Ordinal));
        Assert.DoesNotContain("10.0.0.1/32", told, StringComparison.Ordinal);
    }

    [RealApiServerFact]
    public async Task Verify_OfAClusterThatCannotBeRead_EndsWithTwo()
    {
        var port = FreePorts.Take(1)[0];
        await _world.ConfigureAsync("", _blue.Entry($"apiUrl: https://127.0.0.1:{port}", $"caFile: {_blue.Server.CaFile}"));
        await using var verify = await _world.RunAsync("verify");

        Assert.Equal(2, verify.ExitCode);
        Assert.Contains(_blue.Name, $"{verify.Output}{verify.Error}", StringComparison.Ordinal);
    }
}
