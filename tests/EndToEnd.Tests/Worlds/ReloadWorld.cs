namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>A program whose configuration file the tests of one class change, one after the other.</summary>
public sealed class ReloadWorld : IAsyncLifetime
{
    /// <summary>INTERFACE, section 2: "a change takes effect within 10 s of the file's change".</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, string> _entries = [];

    public World World { get; private set; } = null!;

    /// <summary>An entry that no test changes.</summary>
    public RemoteCluster Steady { get; private set; } = null!;

    /// <summary>Namespace with the pod 10.0.0.1 in the steady cluster's set <c>web</c>.</summary>
    public string SteadyNamespace { get; private set; } = "";

    /// <summary>Puts an entry into the file, or another in its place.</summary>
    public Task PutAsync(RemoteCluster cluster, string entry)
    {
        _entries[cluster.Name] = entry;
        return WriteAsync();
    }

    public Task RemoveAsync(RemoteCluster cluster)
    {
        _entries.Remove(cluster.Name);
        return WriteAsync();
    }

    /// <summary>Writes the file anew with the entries that hold.</summary>
    public Task WriteAsync() => World.ConfigureAsync("removalGracePeriod: 2s", [.. _entries.Values]);

    public async Task InitializeAsync()
    {
        World = await World.CreateAsync();
        Steady = await World.AddClusterAsync("steady", "remote-b");
        SteadyNamespace = await Steady.CreateNamespaceAsync();
        await Steady.RunAsync(SteadyNamespace, "web-0", "web", "10.0.0.1");
        await PutAsync(Steady, await Steady.EntryAsync());
        await World.StartAsync();
        await World.WaitForNetsAsync(Steady.ObjectOf(SteadyNamespace, "web"), "10.0.0.1/32");
    }

    public async Task DisposeAsync()
    {
        if (World is not null)
            await World.DisposeAsync();
    }
}
