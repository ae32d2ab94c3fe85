using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Configuration;

/// <summary>A configuration file as a ConfigMap mounts it.</summary>
public sealed class MountedFileTests
{
    [RealApiServerFact]
    public async Task File_OfAConfigMap_TakesEffectWhenItsSymlinkIsSwapped()
    {
        await using var world = await World.CreateAsync();
        var (blue, green) = (await world.AddClusterAsync("blue"), await world.AddClusterAsync("green", "remote-b"));
        var (blueShop, greenShop) = (await blue.CreateNamespaceAsync(), await green.CreateNamespaceAsync());
        await blue.RunAsync(blueShop, "web-0", "web", "10.0.0.1");
        await green.RunAsync(greenShop, "web-0", "web", "10.0.0.2");
        var volume = new MountedVolume(world.PathOf("config"), "config.yaml");
        await volume.WriteAsync(world.ConfigText("", await blue.EntryAsync()));
        await world.StartWithAsync([$"--config={volume.FilePath}"]);
        await world.WaitForNetsAsync(blue.ObjectOf(blueShop, "web"), "10.0.0.1/32");

        await volume.WriteAsync(world.ConfigText("", await blue.EntryAsync(), await green.EntryAsync()));

        await world.WaitForNetsAsync(ReloadWorld.Limit, green.ObjectOf(greenShop, "web"), "10.0.0.2/32");
    }
}
