using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Observing;

/// <summary>No secret in any output, though everything is logged.</summary>
public sealed class SecretTests
{
    [RealApiServerFact]
    public async Task Tokens_AtTraceLevel_AppearNowhere()
    {
        await using var world = await World.CreateAsync();
        var (blue, refused, unreachable) = (await world.AddClusterAsync("blue"), await world.AddClusterAsync("refused"), await world.AddClusterAsync("unreachable"));
        const string Canary = "canary-0f7c2d9e5b";
        var port = FreePorts.Take(1)[0];
        var canaryFile = await blue.Server.WriteTokenAsync(Canary);
        await world.ConfigureAsync("",
            await blue.EntryAsync(),
            refused.Entry($"apiUrl: {blue.Server.Address.OriginalString}", $"caFile: {blue.Server.CaFile}", $"tokenFile: {canaryFile}"),
            unreachable.Entry($"apiUrl: https://127.0.0.1:{port}", $"caFile: {blue.Server.CaFile}", $"tokenFile: {canaryFile}"));
        await world.StartAsync("--log-level=trace");
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32");
        await world.Program.WaitForStateAsync(refused.Name, "Unauthorized");
        await world.Program.WaitForStateAsync(unreachable.Name, "Unreachable");

        var outputs = new Dictionary<string, string>
        {
            ["/metrics"] = (await world.Program.MetricsAsync()).Text,
        };
        foreach (var path in new[] { "/", "/api/v1/clusters", "/api/v1/sets", "/api/v1/events" })
            outputs[path] = (await world.Program.GetAsync(new Uri(world.Program.Admin, path))).Body;
        await using (var check = await world.RunAsync("check"))
            outputs["check"] = $"{check.Output}{check.Error}";
        await using (var verify = await world.RunAsync("verify"))
            outputs["verify"] = $"{verify.Output}{verify.Error}";
        Assert.Equal(0, await world.Program.TerminateAsync());
        outputs["log"] = world.Program.Log;

        Assert.NotEmpty(outputs["log"]);
        string[] secrets = [Canary, await ShippedRoles.LocalTokenAsync(world.Local), await ShippedRoles.RemoteTokenAsync(blue.Server)];
        Assert.All(outputs, output => Assert.All(secrets, secret =>
            Assert.False(output.Value.Contains(secret, StringComparison.Ordinal), $"{output.Key} holds a token")));
    }
}
