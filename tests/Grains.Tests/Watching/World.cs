using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Grains;
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

    public FakeRemote Remote { get; } = new();

    public FakeCalico Calico { get; } = new();

    public SetClock Clock { get; } = new();

    public GridOptions Current => Volatile.Read(ref _current);

    public static ClusterOptions Entry(string name) => new() { Name = name, Connection = new() };

    public static async Task<World> StartAsync(GridOptions options, Action<World>? arrange = null)
    {
        var world = new World { _current = options };
        arrange?.Invoke(world);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton<IPodSourceFactory>(world.Remote);
            silo.Services.AddSingleton<INetworkSetStore>(world.Calico);
            silo.Services.AddSingleton<IGridConfiguration>(world);
            silo.Services.AddSingleton<TimeProvider>(world.Clock);
            silo.Services.AddGrains("silo-0");
        });
        world._cluster = builder.Build();
        await world._cluster.DeployAsync();
        foreach (var cluster in options.Clusters)
            await world.StatusAsync(cluster.Name);
        return world;
    }

    public void Configure(GridOptions options) => Volatile.Write(ref _current, options);

    public IRemoteClusterWatcherGrain Watcher(string cluster) => _cluster!.Client.GetGrain<IRemoteClusterWatcherGrain>(cluster);

    public Task<ClusterStatus> StatusAsync(string cluster) => Watcher(cluster).SuperviseAsync(claimedBy: null);

    public Task WaitForStateAsync(string cluster, ClusterState state) =>
        Calico.WaitUntilAsync(async () => (await StatusAsync(cluster)).State == state, $"{cluster} is {state}");

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
    }
}
