namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>
/// One program for all the tests that only need it to run: each keeps to namespaces of its own, or to the cluster entry
/// that has the option it is about.
/// </summary>
public sealed class StandingWorld : IAsyncLifetime
{
    /// <summary>Name of the collection of tests that share it.</summary>
    public const string Collection = "standing world";

    public World World { get; private set; } = null!;

    public OperatorProgram Program => World.Program;

    /// <summary>An entry without options.</summary>
    public RemoteCluster Blue { get; private set; } = null!;

    /// <summary>An entry without options, on another API server.</summary>
    public RemoteCluster Green { get; private set; } = null!;

    /// <summary>With <c>includeHostNetwork</c>.</summary>
    public RemoteCluster Hosts { get; private set; } = null!;

    /// <summary>With <c>allowedCidrs</c> 10.4.0.0/16 and fd00:10:4::/48.</summary>
    public RemoteCluster Fenced { get; private set; } = null!;

    /// <summary>With <c>maxSets: 2</c>.</summary>
    public RemoteCluster FewSets { get; private set; } = null!;

    /// <summary>With <c>maxNets: 3</c>.</summary>
    public RemoteCluster FewNets { get; private set; } = null!;

    /// <summary>With <c>convention: semaphore-policy</c>.</summary>
    public RemoteCluster Semaphore { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        World = await World.CreateAsync();
        Blue = await World.AddClusterAsync("blue");
        Green = await World.AddClusterAsync("green", "remote-b");
        Hosts = await World.AddClusterAsync("hosts");
        Fenced = await World.AddClusterAsync("fenced");
        FewSets = await World.AddClusterAsync("few-sets");
        FewNets = await World.AddClusterAsync("few-nets");
        Semaphore = await World.AddClusterAsync("semaphore");
        await World.ConfigureAsync("",
            await Blue.EntryAsync(),
            await Green.EntryAsync(),
            await Hosts.EntryAsync("includeHostNetwork: true"),
            await Fenced.EntryAsync("""allowedCidrs: [10.4.0.0/16, "fd00:10:4::/48"]"""),
            await FewSets.EntryAsync("maxSets: 2"),
            await FewNets.EntryAsync("maxNets: 3"),
            await Semaphore.EntryAsync("convention: semaphore-policy", $"labelSelector: policy.semaphore.uw.io/name,{Semaphore.OwnPods}"));
        await World.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (World is not null)
            await World.DisposeAsync();
    }
}
