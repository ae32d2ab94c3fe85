using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Orleans.TestingHost;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>Real grains in a real silo between remote clusters and Calico in memory.</summary>
public sealed class World : IGridConfiguration, IAsyncDisposable
{
    private InProcessTestCluster? _cluster;
    private GridOptions _current = new() { Clusters = [] };

    public FakeRemote Remote { get; private init; } = new();

    public FakeCalico Calico { get; private init; } = new();

    public SetCalls Calls { get; } = new();

    public InProcessTestCluster Cluster => _cluster ?? throw new InvalidOperationException("The world is not started.");

    public SetClock Clock { get; } = new();

    public GridOptions Current => Volatile.Read(ref _current);

    public static ClusterOptions Entry(string name) => new() { Name = name, Connection = new() };

    public static Task<World> StartAsync(GridOptions options, Action<World>? arrange = null, short silos = 1)
    {
        var world = new World { _current = options };
        arrange?.Invoke(world);
        return world.StartAsync(silos);
    }

    /// <summary>Another grid that knows nothing of this one, over the same clusters: the other half after a partition.</summary>
    public Task<World> StartOtherHalfAsync() =>
        new World { _current = Current, Remote = Remote, Calico = Calico }.StartAsync(silos: 1);

    public void Configure(GridOptions options) => Volatile.Write(ref _current, options);

    public IRemoteClusterWatcherGrain Watcher(string cluster) => _cluster!.Client.GetGrain<IRemoteClusterWatcherGrain>(cluster);

    public IGlobalNetworkSetGrain Set(NetworkSetKey key) => _cluster!.Client.GetGrain<IGlobalNetworkSetGrain>(key.ToString());

    public Task<ClusterStatus> StatusAsync(string cluster) => Watcher(cluster).SuperviseAsync(claimedBy: null);

    public Task WaitForStateAsync(string cluster, ClusterState state) =>
        Calico.WaitUntilAsync(async () => (await StatusAsync(cluster)).State == state, $"{cluster} is {state}");

    /// <summary>Kills the silo that has the grain, as a process dies: what it had under way at a server goes on there.</summary>
    public Task KillSiloOfAsync(IAddressable grain)
    {
        Assert.True(Cluster.TryGetGrainContext(grain.GetGrainId(), out var activation));
        return Cluster.KillSiloAsync(Cluster.Silos.First(silo => silo.SiloAddress == activation.Address.SiloAddress));
    }

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }

    private async Task<World> StartAsync(short silos)
    {
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((options, silo) =>
        {
            silo.Services.AddSingleton<IPodSourceFactory>(Remote);
            silo.Services.AddSingleton<INetworkSetStore>(Calico);
            silo.Services.AddSingleton<IGridConfiguration>(this);
            silo.Services.AddSingleton<TimeProvider>(Clock);
            silo.Services.AddGrains(options.SiloName);
            silo.AddIncomingGrainCallFilter(Calls);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
        foreach (var cluster in Current.Clusters)
            await StatusAsync(cluster.Name);
        return this;
    }
}
