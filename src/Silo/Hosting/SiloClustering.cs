using System.Net;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Silo.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Lets the silos of a grid find each other, and notice each other's death.</summary>
internal static class SiloClustering
{
    public static ISiloBuilder UseSiloClustering(this ISiloBuilder silo, SiloSettings settings, LocalOptions local)
    {
        if (settings.Clustering == SiloSettings.Kubernetes)
            UseKubernetes(silo, settings, local);
        else
            UseLocal(silo, settings);
        return silo
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId))
            .Configure<SiloOptions>(options => options.SiloName = settings.SiloName);
    }

    private static void UseLocal(ISiloBuilder silo, SiloSettings settings)
    {
        silo.UseLocalhostClustering(settings.SiloPort, settings.GatewayPort, primarySiloEndpoint: null, settings.ServiceId, settings.ClusterId);
        silo.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = settings.AdvertisedAddress);
        silo.UseDevelopmentClustering(new IPEndPoint(settings.AdvertisedAddress, settings.SiloPort));
    }

    private static void UseKubernetes(ISiloBuilder silo, SiloSettings settings, LocalOptions local)
    {
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = settings.AdvertisedAddress;
            options.SiloPort = settings.SiloPort;
            options.GatewayPort = settings.GatewayPort;
        });
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            // A silo that falls silent is given up after three seconds; one that is busy for that long has lost its clusters to
            // others. A killed one is given up sooner: its connections are reset.
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            // Four times as long by default, and nobody votes against a silo that has sent anything within three times this.
            options.MaxProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 3;
            // Two silos' own probes decide. A go-between that is itself a little late counts for nothing, and so a silo that
            // hangs was seen to stay a member for half a minute.
            options.EnableIndirectProbes = false;
            // A silo that its peers cannot reach learns from the table that it was declared dead. One read of one object.
            options.TableRefreshTimeout = TimeSpan.FromSeconds(20);
            // A silo whose clock is ahead would find that one which joins has taken minutes for it. One that really cannot join
            // ends by itself.
            options.EvictWhenMaxJoinAttemptTimeExceeded = false;
            // After all were killed, a new silo waits for old ones no longer than three missed heartbeats.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        // The same trust and credentials as Calico's, on a connection of its own: a heartbeat must not wait behind a list.
        silo.UseKubernetesClustering((KubePolicySemaphore.Clustering.Kubernetes.KubernetesClusteringOptions options) =>
            options.CreateHttpClient = services => new HttpClient(new ClockSkewHandler(
                services.GetRequiredService<ClockSkew>(),
                new ApiServerHandler(new ApiServerConnection(
                    "membership", local.Connection, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ApiServerConnection>>()))))
            {
                BaseAddress = ApiServerHandler.BaseAddress,
            });
    }
}
