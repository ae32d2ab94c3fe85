using System.Net;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.Silo.Tests.Http;

public sealed class ReloadTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    [Fact]
    public async Task Reload_BrokenThenGoodFile_IsToldByReadinessMetricsAndStatus()
    {
        await File.WriteAllTextAsync(silo.ConfigPath, "clusters: nonsense");
        await Deadline.UntilAsync("the silo is not ready", async () =>
        {
            using var response = await silo.Public.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.StatusCode == HttpStatusCode.ServiceUnavailable
                && (await response.Content.ReadAsStringAsync()).Contains("config.yaml:1: clusters must be a list", StringComparison.Ordinal);
        });
        Assert.Contains("kps_config_valid 0\n", await silo.Public.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Contains("\"valid\":false", await ClustersAsync(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(silo.ConfigPath, "clusters:\n- {name: red, kubeconfig: x}\n");
        await Deadline.UntilAsync("the new cluster is synced and the old ones are gone", async () =>
            await ClustersAsync() is var text && text.Contains("\"red\",\"state\":\"Synced\"", StringComparison.Ordinal)
            && !text.Contains("\"blue\"", StringComparison.Ordinal));
        var metrics = await silo.Public.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("kps_config_valid 1\n", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("kps_cluster_up{remote_cluster=\"blue\"}", metrics, StringComparison.Ordinal);
    }

    private Task<string> ClustersAsync() => silo.Admin.GetStringAsync(new Uri("/api/v1/clusters", UriKind.Relative));
}
