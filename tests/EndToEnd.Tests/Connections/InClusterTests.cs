using System.Globalization;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;

namespace KubePolicySemaphore.EndToEnd.Tests.Connections;

/// <summary>The local cluster reached as a pod of it.</summary>
public sealed class InClusterTests
{
    [InClusterFact]
    public async Task LocalCluster_WithoutAKubeconfig_IsReachedWithThePodsOwnAccount()
    {
        await using var world = await World.CreateAsync();
        var blue = await world.AddClusterAsync("blue");
        var shop = await blue.CreateNamespaceAsync();
        await blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await world.WriteConfigAsync($"clusters:\n{await blue.EntryAsync()}");
        var created = CreateAccount(world, await ShippedRoles.LocalTokenAsync(world.Local));
        try
        {
            await world.StartWithAsync([$"--config={world.ConfigFile}", "--clustering=local"], new Dictionary<string, string?>
            {
                ["KUBERNETES_SERVICE_HOST"] = world.Local.Address.Host,
                ["KUBERNETES_SERVICE_PORT"] = world.Local.Address.Port.ToString(CultureInfo.InvariantCulture),
            });

            await world.WaitForNetsAsync(blue.ObjectOf(shop, "web"), "10.0.0.1/32");
        }
        finally
        {
            Directory.Delete(created, recursive: true);
        }
    }

    /// <summary>Answers the topmost folder that was made for it.</summary>
    private static string CreateAccount(World world, string token)
    {
        var topmost = InClusterFactAttribute.AccountFolder;
        while (Path.GetDirectoryName(topmost) is { } parent && !Directory.Exists(parent))
            topmost = parent;
        Directory.CreateDirectory(InClusterFactAttribute.AccountFolder);
        File.WriteAllText(Path.Combine(InClusterFactAttribute.AccountFolder, "token"), token);
        File.WriteAllText(Path.Combine(InClusterFactAttribute.AccountFolder, "ca.crt"), world.Local.CaPem);
        File.WriteAllText(Path.Combine(InClusterFactAttribute.AccountFolder, "namespace"), ShippedRoles.Namespace);
        return topmost;
    }
}
