using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>One remote and one local API server on an etcd of their own, and the operator's configuration for them.</summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private readonly RealApiServers _servers;

    private BenchStage(RealApiServers servers, RealApiServer remote, RealApiServer local, string configuration)
    {
        _servers = servers;
        Remote = remote;
        Local = local;
        ConfigurationFile = configuration;
    }

    public RealApiServer Remote { get; }

    public RealApiServer Local { get; }

    /// <summary>The operator's <c>--config</c>.</summary>
    public string ConfigurationFile { get; }

    public static async Task<BenchStage> StartAsync()
    {
        var servers = new RealApiServers();
        try
        {
            var remote = await servers.GetAsync("remote-a");
            // To clean up between rounds; what is measured does not use it.
            var local = await servers.StartPrivateAsync(new RealApiServerOptions("local") { ExtraArguments = ["--delete-collection-workers=8"] });
            return new BenchStage(servers, remote, local, await WriteConfigurationAsync(remote, local));
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts the pods, and their namespaces, into the remote cluster.</summary>
    public async Task SeedAsync(PodFleet fleet, CancellationToken cancellationToken)
    {
        foreach (var ns in fleet.Namespaces)
            await Remote.Admin.CreateNamespaceAsync(ns);
        await Remote.Seeder.PutPodsAsync(fleet.Pods, cancellationToken);
    }

    public Task RemovePodsAsync(PodFleet fleet, CancellationToken cancellationToken) =>
        Remote.Seeder.DeletePodsAsync(fleet.Pods, cancellationToken);

    /// <summary>Removes all GlobalNetworkSets.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        using var client = new BareClient(Local);
        await client.SendAsync(HttpMethod.Delete, CalicoApi.Crd.Path, null, BareClient.Json, cancellationToken);
        await Deadline.UntilAsync("all sets are gone", async () =>
            (await Local.Admin.GetAsync($"{CalicoApi.Crd.Path}?limit=1", cancellationToken))["items"]!.AsArray().Count == 0);
    }

    public ValueTask DisposeAsync() => _servers.DisposeAsync();

    private static async Task<string> WriteConfigurationAsync(RealApiServer remote, RealApiServer local)
    {
        var file = Path.Combine(BenchFolders.CreateTemporary("config"), "config.yaml");
        await File.WriteAllTextAsync(file,
            $"""
            local:
              kubeconfig: {await local.WriteKubeconfigAsync(TestUser.Admin.Token)}
            clusters:
            - name: {PodFleet.Cluster}
              kubeconfig: {await remote.WriteKubeconfigAsync(TestUser.Admin.Token)}

            """);
        return file;
    }
}
