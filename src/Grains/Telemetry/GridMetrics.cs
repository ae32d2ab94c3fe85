using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using Prometheus;

namespace KubePolicySemaphore.Grains.Telemetry;

/// <summary>The metrics of this silo's grains. No label takes its value from remote text.</summary>
public sealed class GridMetrics
{
    /// <summary>The label that names the remote cluster; <c>cluster</c> is taken by Prometheus' own targets.</summary>
    internal const string ClusterLabel = "remote_cluster";

    private readonly List<Collector> _perCluster = [];

    /// <summary>Registers all families.</summary>
    public GridMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        Gauge PerCluster(string name, string help, params string[] labels) =>
            Keep(factory.CreateGauge(name, help, [ClusterLabel, .. labels]));
        Counter Count(string name, string help, params string[] labels) =>
            Keep(factory.CreateCounter(name, help, [ClusterLabel, .. labels]));
        Histogram Time(string name, string help, double first) =>
            Keep(factory.CreateHistogram(name, help, [ClusterLabel], new() { Buckets = Histogram.ExponentialBuckets(first, 2, 14) }));

        Synced = PerCluster("kps_cluster_synced", "1 while Calico is what the remote cluster says.");
        LastContact = PerCluster("kps_cluster_last_contact_timestamp_seconds", "When the remote API server was last heard of, seconds since 1970; 0: never.");
        Failures = Count("kps_cluster_failures_total", "Failed requests to the remote API server.", "reason");
        WatchRestarts = Count("kps_watch_restarts_total", "Watches of the remote API server that were started again.", "reason");
        Lists = Count("kps_lists_total", "Complete lists of the remote cluster's pods.");
        Pods = PerCluster("kps_pods", "Pods that are members of a set.");
        PodsSkipped = PerCluster("kps_pods_skipped", "Selected pods that are in no set.", "reason");
        Sets = PerCluster("kps_sets", "Sets that have a member.");
        SetsOutOfSync = PerCluster("kps_sets_out_of_sync", "Sets whose objects in Calico are not what is wanted.");
        Nets = PerCluster("kps_nets", "Addresses, counted once per set.");
        NetsRefused = PerCluster("kps_nets_refused", "Addresses that are not written although a pod has them.", "reason");
        Writes = Count("kps_writes_total", "Writes to the local API server.", "verb", "result");
        WriteDuration = Time("kps_write_duration_seconds", "Time of a write to the local API server, without the wait for a place.", 0.001);
        Propagation = Time("kps_propagation_seconds", "Time from a pod's event read to its set's write acknowledged.", 0.001);
        Watchers = factory.CreateGauge("kps_watchers", "Remote clusters that this silo watches.");
        DriftRepairs = Count("kps_drift_repairs_total", "Sets that somebody else had changed in Calico and that were written again.");
    }

    internal Gauge Synced { get; }

    internal Gauge Watchers { get; }

    internal Gauge LastContact { get; }

    internal Counter Failures { get; }

    internal Counter WatchRestarts { get; }

    internal Counter Lists { get; }

    internal Gauge Pods { get; }

    internal Gauge PodsSkipped { get; }

    internal Gauge Sets { get; }

    internal Gauge SetsOutOfSync { get; }

    internal Gauge Nets { get; }

    internal Gauge NetsRefused { get; }

    internal Counter Writes { get; }

    internal Histogram WriteDuration { get; }

    internal Histogram Propagation { get; }

    internal Counter DriftRepairs { get; }

    /// <summary>Creates the cluster's series at 0, so that alerts work on day one.</summary>
    internal void Open(string cluster)
    {
        foreach (var gauge in (Gauge[])[Synced, LastContact, Pods, Sets, SetsOutOfSync, Nets])
            gauge.WithLabels(cluster).Set(0);
        foreach (var counter in (Counter[])[Lists, DriftRepairs])
            counter.WithLabels(cluster).Inc(0);
        foreach (var histogram in (Histogram[])[WriteDuration, Propagation])
            histogram.WithLabels(cluster).Publish();
        foreach (var reason in Enum.GetNames<ClusterFailureReason>())
            Failures.WithLabels(cluster, reason).Inc(0);
        foreach (var reason in Enum.GetNames<WatchRestartReason>())
            WatchRestarts.WithLabels(cluster, reason).Inc(0);
        foreach (var reason in Enum.GetNames<SkipReason>().Where(name => name != nameof(SkipReason.None)))
            PodsSkipped.WithLabels(cluster, reason).Set(0);
        foreach (var reason in Enum.GetNames<RefusalReason>())
            NetsRefused.WithLabels(cluster, reason).Set(0);
        foreach (var verb in Enum.GetNames<WriteVerb>())
        {
            foreach (var result in Enum.GetNames<StoreOutcome>())
                Writes.WithLabels(cluster, verb, result).Inc(0);
        }
    }

    /// <summary>Takes the cluster's series away: its watcher goes on elsewhere, or nowhere.</summary>
    internal void Close(string cluster)
    {
        foreach (var family in _perCluster)
            Remove(family, cluster);
    }

    internal void CountWrite(string cluster, WriteVerb verb, StoreOutcome result, TimeSpan took)
    {
        Writes.WithLabels(cluster, verb.ToString(), result.ToString()).Inc();
        WriteDuration.WithLabels(cluster).Observe(took.TotalSeconds);
    }

    private TFamily Keep<TFamily>(TFamily family)
        where TFamily : Collector
    {
        _perCluster.Add(family);
        return family;
    }

    private static void Remove(Collector family, string cluster)
    {
        void All<TChild>(Collector<TChild> typed)
            where TChild : ChildBase
        {
            foreach (var labels in typed.GetAllLabelValues().Where(labels => labels[0] == cluster).ToList())
                typed.RemoveLabelled(labels);
        }

        switch (family)
        {
            case Gauge gauge: All(gauge); break;
            case Counter counter: All(counter); break;
            case Histogram histogram: All(histogram); break;
        }
    }
}
