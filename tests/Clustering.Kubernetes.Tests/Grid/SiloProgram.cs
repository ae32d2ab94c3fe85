using System.Globalization;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests.Grid;

/// <summary>This assembly run as a program is one silo, so that a test can really kill it. See <see cref="TestSilo"/>.</summary>
internal static class SiloProgram
{
    public static async Task Main(string[] arguments)
    {
        var (kubeconfig, clusterId, name, port) = (arguments[0], arguments[1], arguments[2], int.Parse(arguments[3], CultureInfo.InvariantCulture));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole();
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
            .ConfigureEndpoints(IPAddress.Loopback, port, 0)
            .UseKubernetesClustering((KubernetesClusteringOptions options) =>
            {
                options.Namespace = TestTable.Namespace;
                options.KubeconfigPath = kubeconfig;
            }));
        await builder.Build().RunAsync();
    }
}
