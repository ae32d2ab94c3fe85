using System.Collections.Immutable;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>Tells people and Prometheus what a watcher holds.</summary>
internal sealed class WatcherReport(string cluster, ClusterWatcher watcher, WatcherServices services)
{
    private const int MaxProblems = 20;

    public ClusterStatus GetStatus()
    {
        var index = watcher.Index;
        return new()
        {
            Name = cluster,
            State = GetState(),
            Silo = services.SiloName,
            Pods = index.Members,
            Sets = index.SetCount,
            Nets = index.NetCount,
            Skipped = Reasons().Where(reason => index.Skipped(reason) > 0)
                .ToImmutableSortedDictionary(reason => reason.ToString(), index.Skipped),
            LastSync = watcher.Health.LastSync,
            LastEvent = watcher.Health.LastContact,
            LastError = watcher.Health.LastError,
            PendingWrites = watcher.Unsettled.Count,
            Problems = [.. Problems().Take(MaxProblems)],
        };
    }

    public ImmutableArray<NetworkSetStatus> GetSets(string? podNamespace, string? name) =>
    [
        .. watcher.Index.Sets
            .Where(set => set.NetCount > 0 || watcher.Unsettled.Contains(set))
            .Where(set => (podNamespace ?? set.Key.Namespace) == set.Key.Namespace && (name ?? set.Key.Name) == set.Key.Name)
            .OrderBy(set => set.Key.Namespace, StringComparer.Ordinal).ThenBy(set => set.Key.Name, StringComparer.Ordinal)
            .Select(Describe),
    ];

    public ImmutableArray<Explanation> ExplainAddress(PodAddress address) =>
        [.. watcher.Index.Pods.Where(pod => Enumerable.Range(0, pod.AddressCount).Any(i => pod[i] == address)).Select(Explain)];

    public ImmutableArray<Explanation> ExplainPod(string podNamespace, string name) =>
        [.. watcher.Index.Pods.Where(pod => pod.Name == name && pod.Namespace.Name == podNamespace).Select(Explain)];

    public void Publish()
    {
        var (metrics, index) = (services.Metrics, watcher.Index);
        metrics.Synced.WithLabels(cluster).Set(GetState() == ClusterState.Synced ? 1 : 0);
        if (watcher.Health.LastContact is { } contact)
            metrics.LastContact.WithLabels(cluster).Set(contact.ToUnixTimeMilliseconds() / 1000.0);
        metrics.Pods.WithLabels(cluster).Set(index.Members);
        metrics.Sets.WithLabels(cluster).Set(index.SetCount);
        metrics.Nets.WithLabels(cluster).Set(index.NetCount);
        metrics.SetsOutOfSync.WithLabels(cluster).Set(watcher.Unsettled.Count);
        foreach (var reason in Reasons())
            metrics.PodsSkipped.WithLabels(cluster, reason.ToString()).Set(index.Skipped(reason));
        PublishRefused(RefusalReason.InvalidAddress, index.Invalid);
        PublishRefused(RefusalReason.OutsideAllowedCidrs, index.Outside);
        PublishRefused(RefusalReason.Quota, index.OverQuota + index.Unremembered);
        PublishRefused(RefusalReason.NameConflict, NetsThatEndedAs(FeedOutcome.NameConflict));
        PublishRefused(RefusalReason.ForeignObject, NetsThatEndedAs(FeedOutcome.ForeignObject));
    }

    private void PublishRefused(RefusalReason reason, int nets) =>
        services.Metrics.NetsRefused.WithLabels(cluster, reason.ToString()).Set(nets);

    private int NetsThatEndedAs(FeedOutcome outcome) =>
        watcher.Unsettled.Where(set => set.Feed?.Outcome == outcome).Sum(set => set.NetCount);

    private ClusterState GetState()
    {
        if (watcher.Entry is null)
            return watcher.IsClaimedElsewhere ? ClusterState.Connecting : ClusterState.Removing;
        if (watcher.IsHolding)
            return ClusterState.Holding;
        if (watcher.Health.State is { } remote)
            return remote;
        if (services.Catalog.Error is not null || watcher.Unsettled.Any(set => set.Feed?.Outcome == FeedOutcome.Failed))
            return ClusterState.Failing;
        return watcher.IsAuthoritative && watcher.Unsettled.Count == 0 ? ClusterState.Synced : ClusterState.Syncing;
    }

    private IEnumerable<string> Problems()
    {
        var index = watcher.Index;
        if (services.Catalog.Error is { } local)
            yield return $"local API server: {local}";
        if (watcher.Health.Failure is { } failure)
            yield return $"remote API server: {failure}: {watcher.Health.LastError}";
        if (watcher.IsHolding)
            yield return $"a list that takes away most addresses is held for {watcher.Entry?.MassRemovalHold}";
        if (watcher.IsClaimedElsewhere)
            yield return $"in the configuration of other silos, not in that of {services.SiloName}";
        if (watcher.Entry is null && watcher.RemovalDue is { } due)
            yield return $"not in the configuration any more; its objects go at {due:u}";
        if (watcher.Entry is { Connection.InsecureSkipTlsVerify: true })
            yield return "the server's certificate is not verified (insecureSkipTlsVerify)";
        if (watcher.Entry is { AllowedCidrs.Count: 0 })
            yield return "no allowedCidrs: the remote cluster can open the way for any address";
        if (index.Outside + index.Invalid > 0)
            yield return $"{index.Outside + index.Invalid} addresses refused ({index.Outside} outside allowedCidrs, {index.Invalid} invalid)";
        if (index.OverQuota + index.Unremembered > 0)
            yield return $"over quota: {index.OverQuota} addresses and {index.Unremembered} pods refused (maxSets, maxNets)";
        foreach (var warning in watcher.Health.Warnings)
            yield return warning;
        foreach (var set in watcher.Unsettled.Where(set => set.Feed is { Failures: > 1, Error: not null }))
            yield return $"set {set.Key.Namespace}/{set.Key.Name}: {set.Feed!.Outcome}: {set.Feed.Error}";
    }

    private NetworkSetStatus Describe(MemberSet set) => new()
    {
        Cluster = cluster,
        Namespace = set.Key.Namespace,
        Name = set.Key.Name,
        Objects = ObjectsOf(set),
        Nets = [.. NetText.Format(set.Nets)],
        Pods = set.PodCount,
        InSync = IsInSync(set),
        LastWrite = set.Feed?.LastWrite,
        Error = set.Feed?.Error,
    };

    private Explanation Explain(PodEntry pod) => new()
    {
        Cluster = cluster,
        Namespace = pod.Namespace.Name,
        Pod = pod.Name,
        Set = pod.Set?.Key.Name,
        Objects = pod.Set is { } set ? ObjectsOf(set) : [],
        Addresses = [.. Enumerable.Range(0, pod.AddressCount).Select(i => pod[i].ToString())],
        Since = watcher.ToUtc(pod.Since),
        InSync = pod.Set is { } of && IsInSync(of),
        Reason = Reason(pod),
    };

    private static string? Reason(PodEntry pod)
    {
        if (pod.Skipped != SkipReason.None && pod.Outside + pod.Invalid == 0)
            return pod.Skipped.ToString();
        if (pod.Outside > 0)
            return $"{RefusalReason.OutsideAllowedCidrs}: {pod.Outside} addresses of the pod are not in allowedCidrs";
        if (pod.Invalid > 0)
            return $"{RefusalReason.InvalidAddress}: {pod.Invalid} texts in status.podIPs are no usable address";
        if (pod.Waiting > 0)
            return $"{RefusalReason.Quota}: the cluster has reached maxSets or maxNets";
        return pod.Set?.Feed?.Error;
    }

    private bool IsInSync(MemberSet set) => watcher.IsAuthoritative && !watcher.Unsettled.Contains(set) && set.Feed?.Outcome != FeedOutcome.DryRun;

    private ImmutableArray<string> ObjectsOf(MemberSet set) =>
    [
        .. services.Catalog.ObjectsOf(set.Key)
            .Where(seen => Ownership.Judge(seen, set.Key, watcher.Rules.ServiceId) == ObjectClaim.Ours)
            .Select(seen => seen.Name),
    ];

    private static IEnumerable<SkipReason> Reasons() => Enum.GetValues<SkipReason>().Where(reason => reason != SkipReason.None);
}
