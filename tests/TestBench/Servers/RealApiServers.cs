using System.Collections.Concurrent;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>
/// API servers on one etcd and one certificate authority, started when first asked for. They all end with this process;
/// disposing ends them sooner.
/// </summary>
public sealed class RealApiServers : IAsyncDisposable
{
    private readonly Lazy<Task<EtcdServer>> _etcd = new(EtcdServer.StartAsync);
    private readonly ConcurrentDictionary<string, Lazy<Task<RealApiServer>>> _servers = new();
    private readonly ConcurrentBag<RealApiServer> _private = [];

    /// <summary>Shared by all tests of this process; keep to namespaces and names of your own, and do not stop one.</summary>
    public static RealApiServers Shared { get; } = new();

    public CertificateAuthority Authority { get; } = new();

    /// <summary>The etcd of these servers.</summary>
    public Task<EtcdServer> EtcdAsync() => _etcd.Value;

    /// <summary>The server of that name (<c>local</c>, <c>remote-a</c>, <c>remote-b</c>), the same for every caller.</summary>
    public Task<RealApiServer> GetAsync(string name) =>
        _servers.GetOrAdd(name, key => new(() => StartAsync(new RealApiServerOptions(key)))).Value;

    /// <summary>Several at once; they start side by side.</summary>
    public Task<RealApiServer[]> GetAsync(params string[] names) => Task.WhenAll(names.Select(GetAsync));

    /// <summary>A server for one test alone, to stop, break or set up as it likes.</summary>
    public async Task<RealApiServer> StartPrivateAsync(RealApiServerOptions options)
    {
        var server = await StartAsync(options);
        _private.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values.Where(server => server.IsValueCreated))
            await (await server.Value).DisposeAsync();
        foreach (var server in _private)
            await server.DisposeAsync();
        if (_etcd.IsValueCreated)
            await (await _etcd.Value).DisposeAsync();
        Authority.Dispose();
    }

    private async Task<RealApiServer> StartAsync(RealApiServerOptions options) =>
        await RealApiServer.StartAsync(options, await EtcdAsync(), Authority);
}
