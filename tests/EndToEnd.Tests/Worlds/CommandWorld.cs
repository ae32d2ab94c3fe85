namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>A program in sync, for the commands that ask it: one set of two pods, one pod in none.</summary>
public sealed class CommandWorld : IAsyncLifetime
{
    public World World { get; private set; } = null!;

    public RemoteCluster Blue { get; private set; } = null!;

    public string Shop { get; private set; } = "";

    /// <summary>Name of the set's object, with 10.0.0.1 and 10.0.0.2.</summary>
    public string ObjectName => Blue.ObjectOf(Shop, "web");

    public async Task InitializeAsync()
    {
        World = await World.CreateAsync();
        Blue = await World.AddClusterAsync("blue");
        Shop = await Blue.CreateNamespaceAsync();
        await Blue.RunAsync(Shop, "web-0", "web", "10.0.0.1");
        await Blue.RunAsync(Shop, "web-1", "web", "10.0.0.2");
        await Blue.Server.Admin.CreatePodAsync(Blue.Pod(Shop, "agent-0", "web", "192.168.0.1") with { HostNetwork = true });
        await World.ConfigureAsync("", await Blue.EntryAsync());
        await World.StartAsync();
        await World.WaitForNetsAsync(ObjectName, "10.0.0.1/32", "10.0.0.2/32");
        await World.Program.WaitForStateAsync(Blue.Name, "Synced");
    }

    public async Task DisposeAsync()
    {
        if (World is not null)
            await World.DisposeAsync();
    }
}
