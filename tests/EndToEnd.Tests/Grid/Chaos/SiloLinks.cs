using System.Net;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>One silo's own ways to the API servers: each can be broken without touching another silo's.</summary>
internal sealed class SiloLinks : IAsyncDisposable
{
    private SiloLinks(TcpFaultProxy local, IReadOnlyList<TcpFaultProxy> remotes, string configFile)
    {
        Local = local;
        Remotes = remotes;
        ConfigFlag = $"--config={configFile}";
    }

    public TcpFaultProxy Local { get; }

    public IReadOnlyList<TcpFaultProxy> Remotes { get; }

    /// <summary>The flag that makes a silo take these ways.</summary>
    public string ConfigFlag { get; }

    /// <param name="silo">Its name.</param>
    /// <param name="address">Where the silo reaches this process; the loopback interface when <see langword="null"/>.</param>
    public static async Task<SiloLinks> CreateAsync(World world, string silo, IReadOnlyCollection<RemoteCluster> clusters, IPAddress? address = null)
    {
        var local = TcpFaultProxy.Start(world.Local.Address, address);
        var remotes = clusters.Select(cluster => cluster.Server).Distinct().ToDictionary(server => server, server => TcpFaultProxy.Start(server.Address, address));
        var kubeconfig = await world.Local.WriteKubeconfigAsync(await ShippedRoles.LocalTokenAsync(world.Local), local);
        var entries = await Task.WhenAll(clusters.Select(cluster => cluster.EntryAsync(remotes[cluster.Server])));
        var file = world.PathOf($"config-{silo}.yaml");
        await File.WriteAllTextAsync(file, World.ConfigTextWith(kubeconfig, "", entries));
        return new(local, [.. remotes.Values], file);
    }

    public void CutRemotes()
    {
        foreach (var remote in Remotes)
            remote.Cut();
    }

    public void RestoreRemotes()
    {
        foreach (var remote in Remotes)
            remote.Restore();
    }

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        foreach (var remote in Remotes)
            await remote.DisposeAsync();
    }
}
