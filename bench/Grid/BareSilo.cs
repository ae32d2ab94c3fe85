using System.Globalization;
using System.Net;
using KubePolicySemaphore.Clustering.Kubernetes;
using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>A real silo of Orleans in this process, with the product's own membership and settings of it, and nothing else.</summary>
internal sealed class BareSilo : IAsyncDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly IHost _host;

    private BareSilo(IHost host) => _host = host;

    /// <summary>What the silo asks of the membership table, and how often.</summary>
    public ClusterMembershipOptions Settings => _host.Services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;

    public static BareSilo Create(GridStage stage, string clusterId, int number)
    {
        var settings = new SiloSettings
        {
            SiloName = string.Create(CultureInfo.InvariantCulture, $"silo-{number}"),
            Clustering = SiloSettings.Kubernetes,
            ClusterId = clusterId,
            ServiceId = clusterId,
            SiloPort = FreePorts.Take(1)[0],
            GatewayPort = 0,
            AdvertisedAddress = IPAddress.Loopback,
            HttpAddress = new(IPAddress.Loopback, 0),
            AdminAddress = new(IPAddress.Loopback, 0),
            LogLevel = LogLevel.Error,
            LogFormat = "text",
        };
        var local = new LocalOptions { Connection = new() { Kubeconfig = stage.LocalKubeconfig } };
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ClockSkew>();
        builder.UseOrleans(silo => silo
            .UseSiloClustering(settings, local)
            .Configure<KubernetesClusteringOptions>(options => options.Namespace = GridRights.Namespace));
        return new BareSilo(builder.Build());
    }

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopTimeout, TimeProvider.System);
        await _host.StopAsync(limit.Token);
        _host.Dispose();
    }
}
