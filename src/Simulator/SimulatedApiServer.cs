using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KubePolicySemaphore.Simulator;

/// <summary>
/// A small Kubernetes API server in memory: pods, GlobalNetworkSets and further custom resources with the list, watch
/// and write semantics of the real one, and faults on demand. It listens on 127.0.0.1 only.
/// </summary>
public sealed class SimulatedApiServer : IAsyncDisposable
{
    // The real server's limit of a request body.
    private const long MaxRequestBytes = 3 * 1024 * 1024;

    private readonly SimulatorOptions _options;
    private readonly ResourceCatalog _catalog;
    private readonly WatchSessions _watches = new();
    private readonly TokenList _tokens;
    private readonly SimulatedAuthority? _authority;
    private int _port;
    private WebApplication? _listener;
    private CancellationTokenSource _stopping = new();

    private SimulatedApiServer(SimulatorOptions options)
    {
        _options = options;
        _port = options.Port;
        _catalog = new ResourceCatalog(options);
        _tokens = new TokenList(options.Tokens);
        _authority = options.UseHttps ? new SimulatedAuthority(options.CertificateHosts, options.CertificateLifetime) : null;
        Pods = new SimulatedPods(_catalog.Pods, options.TimeProvider);
        NetworkSets = new SimulatedNetworkSets(_catalog.NetworkSets, options.TimeProvider);
        Faults = new FaultInjector(_catalog, _watches);
    }

    /// <summary>Address of the server, without a slash at the end of its path.</summary>
    public Uri Uri => new($"{(_options.UseHttps ? "https" : "http")}://127.0.0.1:{_port}");

    /// <summary>The CA to trust, in PEM; null without HTTPS.</summary>
    public string? CaPem => _authority?.CaPem;

    /// <summary>The pods.</summary>
    public SimulatedPods Pods { get; }

    /// <summary>The GlobalNetworkSets.</summary>
    public SimulatedNetworkSets NetworkSets { get; }

    /// <summary>Requests seen.</summary>
    public RequestLog Requests { get; } = new();

    /// <summary>What is to go wrong.</summary>
    public FaultInjector Faults { get; }

    /// <summary>The watches that run now.</summary>
    public IReadOnlyList<SimulatedRequest> RunningWatches => _watches.Requests;

    /// <summary>The groups in which GlobalNetworkSets are served; the objects stay when it changes.</summary>
    public CalicoApis CalicoApis
    {
        get => _catalog.CalicoApis;
        set => _catalog.CalicoApis = value;
    }

    /// <summary>Starts a server; it is ready when the task completes.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatedApiServer> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new SimulatedApiServer(options ?? new SimulatorOptions());
        try
        {
            await server.BringUpAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Replaces the accepted bearer tokens; none lets everybody in.</summary>
    public void AcceptTokens(params IEnumerable<string> tokens) => _tokens.Replace(tokens);

    /// <summary>A kubeconfig for this server; without <paramref name="token"/> its user is anonymous.</summary>
    public string KubeconfigText(string? token = null) => Kubeconfig.Format(Uri, CaPem, token);

    /// <summary>Stops listening and resets all connections, as if the machine went down; the objects stay.</summary>
    public async Task TakeDownAsync()
    {
        if (_listener is not { } listener)
            return;
        _listener = null;
        _watches.ForEach(null, session => session.Abort());
        await _stopping.CancelAsync().ConfigureAwait(false);
        await listener.StopAsync().ConfigureAwait(false);
        await listener.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Listens again after <see cref="TakeDownAsync"/>, on the same port.</summary>
    public async Task BringUpAsync(CancellationToken cancellationToken = default)
    {
        if (_listener is not null)
            return;
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
        var listener = Build();
        var handler = new RequestHandler(
            _options, Requests, Faults, _tokens, new ApiDispatcher(_options, _catalog, _watches, Faults), _stopping.Token);
        listener.Run(handler.HandleAsync);
        await listener.StartAsync(cancellationToken).ConfigureAwait(false);
        _port = new Uri(listener.Urls.Single()).Port;
        _listener = listener;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await TakeDownAsync().ConfigureAwait(false);
        _stopping.Dispose();
        _authority?.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            // Readers that stall are what this server is for.
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, _port, Listen);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    private void Listen(ListenOptions listen)
    {
        if (_authority is not null)
            listen.UseHttps(_authority.Server);
    }

    // Signals of the process are the business of the program around the simulator.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
