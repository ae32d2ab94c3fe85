using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Observing;

/// <summary>What <c>/metrics</c> tells.</summary>
[Collection(StandingWorld.Collection)]
public sealed class MetricsTests(StandingWorld standing)
{
    private readonly OperatorProgram _program = standing.Program;

    [RealApiServerTheory]
    [InlineData("kps_build_info")]
    [InlineData("kps_config_valid")]
    [InlineData("kps_config_last_reload_timestamp_seconds")]
    [InlineData("kps_cluster_info")]
    [InlineData("kps_cluster_up")]
    [InlineData("kps_cluster_synced")]
    [InlineData("kps_cluster_last_contact_timestamp_seconds")]
    [InlineData("kps_cluster_failures_total")]
    [InlineData("kps_watch_restarts_total")]
    [InlineData("kps_lists_total")]
    [InlineData("kps_pods")]
    [InlineData("kps_pods_skipped")]
    [InlineData("kps_sets")]
    [InlineData("kps_sets_out_of_sync")]
    [InlineData("kps_nets")]
    [InlineData("kps_nets_refused")]
    [InlineData("kps_writes_total")]
    [InlineData("kps_write_duration_seconds_count")]
    [InlineData("kps_propagation_seconds_count")]
    [InlineData("kps_drift_repairs_total")]
    public async Task Metric_OfTheReference_HasASeries(string name) =>
        Assert.NotNull(await _program.MetricAsync(name));

    [RealApiServerFact]
    public async Task Metrics_OfOrleans_AreThere() =>
        Assert.Contains((await _program.MetricsAsync()).Families, name => name.Contains("orleans", StringComparison.Ordinal));

    [RealApiServerFact]
    public async Task Labels_LeaveThoseOfPrometheusAlone()
    {
        var labels = (await _program.MetricsAsync()).LabelNames.ToHashSet();

        Assert.Contains("remote_cluster", labels);
        Assert.Empty(labels.Intersect(["cluster", "namespace", "pod", "instance", "job"]));
    }

    [RealApiServerTheory]
    [InlineData("kps_pods_skipped", "NoSetName", "InvalidSetName", "HostNetwork", "NoAddress", "Finished")]
    [InlineData("kps_nets_refused", "OutsideAllowedCidrs", "InvalidAddress", "Quota", "NameConflict", "ForeignObject")]
    public async Task Reasons_AllHaveASeriesFromTheStart(string name, params string[] reasons)
    {
        var metrics = await _program.MetricsAsync();

        Assert.All(reasons, reason => Assert.NotNull(metrics.Find(name, ("remote_cluster", standing.Blue.Name), ("reason", reason))));
    }

    [RealApiServerFact]
    public async Task Values_FollowWhatHappens()
    {
        var shop = await standing.Hosts.CreateNamespaceAsync();
        (string, string) hosts = ("remote_cluster", standing.Hosts.Name);
        var before = await _program.MetricsAsync();
        var pod = await standing.Hosts.RunAsync(shop, "web-0", "web", "10.0.0.1", "fd00::1");
        await standing.World.WaitForNetsAsync(standing.Hosts.ObjectOf(shop, "web"), "10.0.0.1/32", "fd00::1/128");

        await _program.WaitForMetricAsync("kps_pods", before.Find("kps_pods", hosts)!.Value + 1, hosts);
        await _program.WaitForMetricAsync("kps_sets", before.Find("kps_sets", hosts)!.Value + 1, hosts);
        await _program.WaitForMetricAsync("kps_nets", before.Find("kps_nets", hosts)!.Value + 2, hosts);
        await _program.WaitForMetricAsync("kps_sets_out_of_sync", 0, hosts);
        await _program.WaitForMetricAsync("kps_cluster_up", 1, hosts);
        await _program.WaitForMetricAsync("kps_cluster_synced", 1, hosts);
        await _program.WaitForMetricAsync("kps_lists_total", 1, hosts);
        await _program.WaitForMetricAsync("kps_config_valid", 1);
        var after = await _program.MetricsAsync();
        Assert.True(after.Find("kps_writes_total", hosts) > before.Find("kps_writes_total", hosts));
        Assert.True(after.Find("kps_propagation_seconds_count", hosts) > before.Find("kps_propagation_seconds_count", hosts));
        Assert.True(after.Find("kps_write_duration_seconds_count", hosts) > before.Find("kps_write_duration_seconds_count", hosts));

        await standing.Hosts.Server.Admin.DeletePodAsync(pod);
        await _program.WaitForMetricAsync("kps_sets", before.Find("kps_sets", hosts)!.Value, hosts);
    }

    [RealApiServerFact]
    public async Task Labels_TakeNoValueFromRemoteText()
    {
        var shop = await standing.Blue.CreateNamespaceAsync();
        await standing.Blue.RunAsync(shop, "remote-pod-text", "remote-set-text", "10.0.0.1");
        await standing.Blue.RunAsync(shop, "other-pod-text", "Remote-Bad-Text", "10.0.0.2");
        await standing.World.WaitForNetsAsync(standing.Blue.ObjectOf(shop, "remote-set-text"), "10.0.0.1/32");
        await _program.WaitForLogAsync(shop, "other-pod-text");

        var text = (await _program.MetricsAsync()).Text;

        Assert.All([shop, "remote-set-text", "Remote-Bad-Text", "pod-text"], remote => Assert.DoesNotContain(remote, text, StringComparison.Ordinal));
    }
}
