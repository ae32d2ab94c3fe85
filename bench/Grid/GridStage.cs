using System.Globalization;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>A local API server, two remote ones with pods, all on an etcd of their own, and a grid's configuration for them.</summary>
internal sealed class GridStage : IAsyncDisposable
{
    private readonly RealApiServers _servers;
    private readonly List<Unrest> _unrest = [];

    private GridStage(RealApiServers servers, RealApiServer local, RealApiServer[] remotes, GridSize size)
    {
        _servers = servers;
        Local = local;
        Size = size;
        Pods = new GridPods(remotes, Truth);
        Clusters = [.. Enumerable.Range(0, size.Clusters).Select(i => new GridCluster(Invariant($"c{i}"), remotes[i % remotes.Length]))];
    }

    public RealApiServer Local { get; }

    public GridSize Size { get; }

    /// <summary>The cluster entries, on the remote servers in turn.</summary>
    public IReadOnlyList<GridCluster> Clusters { get; }

    public GridTruth Truth { get; } = new();

    public GridPods Pods { get; }

    /// <summary>The kubeconfig of the local cluster, with the shipped rights.</summary>
    public string LocalKubeconfig { get; private set; } = "";

    /// <summary>The operator's <c>--config</c>.</summary>
    public string ConfigurationFile { get; private set; } = "";

    public static async Task<GridStage> StartAsync(GridSize size, CancellationToken cancellationToken)
    {
        var servers = new RealApiServers();
        try
        {
            var remotes = await servers.GetAsync("remote-a", "remote-b");
            var stage = new GridStage(servers, await servers.GetAsync("local"), remotes, size);
            await stage.SeedAsync(cancellationToken);
            await stage.ConfigureAsync(remotes);
            foreach (var remote in remotes)
                stage._unrest.Add(await Unrest.StartAsync(remote));
            return stage;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var unrest in _unrest)
            await unrest.DisposeAsync();
        Pods.Dispose();
        await _servers.DisposeAsync();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        foreach (var cluster in Clusters)
        {
            await cluster.Server.Admin.CreateNamespaceAsync(cluster.Namespace);
            Pods.Populate(cluster, Size);
            await cluster.Server.Seeder.PutPodsAsync(cluster.Pods.Select(pod => pod.Current), cancellationToken);
        }
    }

    private async Task ConfigureAsync(RealApiServer[] remotes)
    {
        LocalKubeconfig = await GridRights.LocalKubeconfigAsync(Local);
        var kubeconfigs = new Dictionary<RealApiServer, string>();
        foreach (var remote in remotes)
            kubeconfigs.Add(remote, await GridRights.RemoteKubeconfigAsync(remote));
        ConfigurationFile = Path.Combine(BenchFolders.CreateTemporary("config"), "config.yaml");
        await File.WriteAllTextAsync(ConfigurationFile,
            $"""
            local:
              kubeconfig: {LocalKubeconfig}
            clusters:
            {string.Concat(Clusters.Select(cluster => cluster.Entry(kubeconfigs[cluster.Server])))}
            """);
    }
}
