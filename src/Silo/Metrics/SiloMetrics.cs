using KubePolicySemaphore.Silo.Configuration;
using KubePolicySemaphore.Silo.Hosting;
using Prometheus;

namespace KubePolicySemaphore.Silo.Metrics;

/// <summary>The metrics that every silo tells of itself and of its configuration; brought up to date with each scrape.</summary>
internal sealed class SiloMetrics
{
    private readonly FileGridConfiguration _configuration;
    private readonly StatusBoard _board;
    private readonly ClockSkew _clock;
    private readonly Gauge _skew;
    private readonly Gauge _valid;
    private readonly Gauge _reloaded;
    private readonly Gauge _info;
    private readonly Gauge _up;

    public SiloMetrics(CollectorRegistry registry, FileGridConfiguration configuration, StatusBoard board, ClockSkew clock)
    {
        (_configuration, _board, _clock) = (configuration, board, clock);
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        factory.CreateGauge("kps_build_info", "1; what this silo was built from.", "version", "commit")
            .WithLabels(BuildInfo.Version, BuildInfo.Commit).Set(1);
        _valid = factory.CreateGauge("kps_config_valid", "1 while what the configuration file says is in force.");
        _reloaded = factory.CreateGauge("kps_config_last_reload_timestamp_seconds", "When the configuration in force was loaded, seconds since 1970.");
        _info = factory.CreateGauge(
            "kps_cluster_info", "1 for each configured cluster.", "remote_cluster", "convention", "insecure");
        _up = factory.CreateGauge("kps_cluster_up", "1 while the remote API server answers and accepts our credentials.", "remote_cluster");
        _skew = factory.CreateGauge(
            "kps_clock_skew_seconds", "How far this silo's clock is ahead of the local API server's, by the answers to the membership's requests.");
        registry.AddBeforeCollectCallback(Refresh);
    }

    private void Refresh()
    {
        _valid.Set(_configuration.State.IsValid ? 1 : 0);
        _reloaded.Set(_configuration.State.Loaded.ToUnixTimeMilliseconds() / 1000.0);
        _skew.Set(_clock.Seconds);
        var clusters = _configuration.Current.Clusters;
        var infos = clusters.Select(cluster =>
            (string[])[cluster.Name, cluster.Convention.Name, cluster.Connection.InsecureSkipTlsVerify ? "true" : "false"]).ToList();
        foreach (var gone in _info.GetAllLabelValues().Where(labels => !infos.Exists(labels.SequenceEqual)).ToList())
            _info.RemoveLabelled(gone);
        foreach (var gone in _up.GetAllLabelValues().Where(labels => _configuration.Current.Find(labels[0]) is null).ToList())
            _up.RemoveLabelled(gone);
        infos.ForEach(labels => _info.WithLabels(labels).Set(1));
        foreach (var cluster in clusters)
            _up.WithLabels(cluster.Name).Set(_board.IsUp(cluster.Name) ? 1 : 0);
    }
}
