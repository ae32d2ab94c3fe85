using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Grid;

/// <summary>A silo of a real grid on loopback, with its membership in a real API server.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Gate _gate;

    private TestSilo(IHost host, Gate gate)
    {
        _host = host;
        _gate = gate;
    }

    public IServiceProvider Services => _host.Services;

    /// <summary>Completes when the silo has ended, of itself or because it was stopped.</summary>
    public CancellationToken Stopped => _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    public static async Task<TestSilo> StartAsync(RealApiServer server, string clusterId, string name)
    {
        var ports = FreePorts.Take(1);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509Certificate2.CreateFromPem(server.CaPem));
        var gate = new Gate(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } });
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "test"))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .Configure<ClusterMembershipOptions>(options =>
            {
                options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(2);
                options.ProbeTimeout = TimeSpan.FromSeconds(1);
                options.NumMissedProbesLimit = 2;
            })
            .ConfigureEndpoints(IPAddress.Loopback, ports[0], 0)
            .UseKubernetesClustering((KubernetesClusteringOptions options) =>
            {
                options.Namespace = TestTable.Namespace;
                options.CreateHttpClient = _ =>
                {
                    var http = new HttpClient(gate) { BaseAddress = server.Address };
                    http.DefaultRequestHeaders.Authorization = new("Bearer", TestUser.Admin.Token);
                    return http;
                };
            }));
        var host = builder.Build();
        await host.StartAsync();
        return new TestSilo(host, gate);
    }

    /// <summary>Leaves as on SIGTERM.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Ends as on SIGKILL, as far as others see it: the sockets close and nothing is written any more.</summary>
    public Task KillAsync()
    {
        _gate.Close();
        return _host.StopAsync(new CancellationToken(canceled: true));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _host.Dispose();
        _gate.Dispose();
    }

    private sealed class Gate(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private volatile bool _closed;

        public void Close() => _closed = true;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _closed ? throw new HttpRequestException("this silo is dead") : base.SendAsync(request, cancellationToken);
    }
}
