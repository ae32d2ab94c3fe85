using System.Collections.Immutable;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Membership;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Watches one remote cluster: takes what its source reads into the index, feeds the sets' grains, compares with Calico.
/// Everything runs on one scheduler, so nothing here is locked; after an await anything may have changed.
/// </summary>
internal sealed partial class ClusterWatcher : IAsyncDisposable
{
    // A watcher that starts where the cluster is not configured gives the other silos two calls' time to object.
    private static readonly TimeSpan TimeForClaims = TimeSpan.FromSeconds(5);

    private readonly string _cluster;
    private readonly WatcherServices _services;
    private readonly TaskScheduler _scheduler;
    private readonly MassRemovalGuard _guard;
    private readonly CatalogInbox _inbox;
    private readonly RefusalLog _refusals;
    private readonly ClusterRemoval _removal;
    private readonly List<MemberSet> _changed = [];
    private readonly ClusterClaims _claims;
    private readonly StandingNets _standing;
    private readonly long _startedAt;
    private SetFeeder _feeder;
    private Task _abandoned = Task.CompletedTask;
    private RunningSource? _source;
    private GridOptions? _grid;
    private long _comparedAt;
    private bool _trustNextList;
    private bool _hadEntry;

    public ClusterWatcher(string cluster, WatcherServices services, TaskScheduler scheduler)
    {
        _cluster = cluster;
        _services = services;
        _scheduler = scheduler;
        Index = NewIndex();
        Events = new EventRing(cluster, services.Time);
        Health = new ClusterHealth(services.Time);
        _feeder = NewFeeder();
        _guard = new MassRemovalGuard(services.Time);
        _claims = new ClusterClaims(services.Time);
        _standing = new StandingNets(cluster, services.Catalog);
        _startedAt = services.Time.GetTimestamp();
        _removal = new ClusterRemoval(cluster, services, Events);
        _refusals = new RefusalLog(cluster, Events, services.Time, services.Logger);
        _inbox = new CatalogInbox(() => _ = Task.Factory.StartNew(CompareChanged, CancellationToken.None, TaskCreationOptions.None, scheduler));
        _comparedAt = services.Time.GetTimestamp();
        services.Catalog.Listen(cluster, _inbox);
        services.Metrics.Open(cluster);
    }

    public PodIndex Index { get; private set; }

    public EventRing Events { get; }

    public ClusterHealth Health { get; }

    /// <summary>The entry in force; null when the cluster is not in the configuration.</summary>
    public ClusterOptions? Entry { get; private set; }

    public IReadOnlyCollection<MemberSet> Unsettled => _feeder.Unsettled;

    public bool IsHolding => _guard.IsHolding;

    /// <summary>
    /// True from the first complete list that was believed. Before it the index says nothing about which pods exist, so
    /// nothing may be written from it.
    /// </summary>
    public bool IsAuthoritative { get; private set; }

    /// <summary>True when the cluster has left the configuration and nothing of it is left to take away.</summary>
    public bool IsDone => Entry is null && _grid is not null && _removal.IsDone;

    /// <summary>True while the cluster is in another silo's configuration and was never in this one's.</summary>
    public bool IsClaimedElsewhere => Entry is null && Claimants.Count > 0;

    /// <summary>Names of the other silos that have lately said that the cluster is in their configuration.</summary>
    public IReadOnlyCollection<string> Claimants => _claims.Silos;

    public DateTimeOffset? RemovalDue => _removal.Due;

    /// <summary>Another silo has the cluster in its configuration.</summary>
    public void Claim(string silo) => _claims.Claim(silo);

    /// <summary>Follows the configuration and does what is due. Called every half second, and by each supervision.</summary>
    public void Tick()
    {
        var current = _services.Configuration.Current;
        // The file without the cluster may be the older one, or a newer that others have not seen yet: until they agree, what
        // was in force goes on.
        var disputed = Entry is not null && current.Find(_cluster) is null && Claimants.Count > 0;
        if (!ReferenceEquals(_grid, current) && !disputed)
            Follow(current);
        if (Entry is null)
        {
            if (!IsClaimedElsewhere && (_hadEntry || _services.Time.GetElapsedTime(_startedAt) >= TimeForClaims))
                _removal.Step(_grid!);
            return;
        }

        _hadEntry = true;

        DropWhenStale();
        Index.ReleaseOverdue(NowMilliseconds);
        FeedChanged(receivedAt: null);
        // Jittered through the activation's own start, which no two watchers share.
        if (IsAuthoritative && _services.Time.GetElapsedTime(_comparedAt) >= _grid!.FullStoreResyncPeriod)
            CompareAll();
        _feeder.Pump();
        _refusals.Tell(Index);
    }

    public async ValueTask DisposeAsync()
    {
        _services.Catalog.StopListening(_cluster, _inbox);
        _services.Metrics.Close(_cluster);
        var source = _source;
        _source = null;
        if (source is not null)
            await source.DisposeAsync();
        await Task.WhenAll(_feeder.StopAsync(), _abandoned);
    }

    internal async Task<RelistDecision> ReplaceAsync(IPodSink from, IReadOnlyList<PodBatch> pages, CancellationToken cancellationToken)
    {
        // What stands in Calico is the measure of the first list, and decides what need not be written.
        await _services.Catalog.Loaded.WaitAsync(cancellationToken);
        if (!IsCurrent(from) || Entry is not { } entry)
            return RelistDecision.Applied;
        if (IsAuthoritative)
        {
            var plan = Index.PlanRelist(pages);
            if (Hold(entry, plan.Before, plan.Removed) is { } hold)
                return hold;
            Index.Relist(pages, NowMilliseconds);
        }
        else
        {
            // Nothing is written from the index yet, so it can be filled before the list is believed.
            Index.Relist(pages, NowMilliseconds);
            var (standing, strays) = _standing.Count(Index, _grid!.ServiceId);
            if (Hold(entry, standing, strays) is { } hold)
                return hold;
            if (strays > 0)
                _standing.HoldWhatMoved(Index, _grid.ServiceId, NowMilliseconds);
        }

        _trustNextList = false;
        Health.Synced();
        FeedChanged(pages.Count > 0 ? pages[0].ReceivedAt : null);
        IsAuthoritative = true;
        CompareAll();
        return RelistDecision.Applied;
    }

    internal void Apply(IPodSink from, PodBatch changes)
    {
        if (!IsCurrent(from) || !IsAuthoritative)
            return;
        Health.Take(PodSourceReport.Contact.Instance);
        Index.Apply(changes, NowMilliseconds);
        FeedChanged(changes.ReceivedAt);
    }

    internal void Take(IPodSink from, PodSourceReport report)
    {
        if (!IsCurrent(from))
            return;
        var failing = Health.Failure;
        Health.Take(report);
        switch (report)
        {
            case PodSourceReport.ListCompleted:
                _services.Metrics.Lists.WithLabels(_cluster).Inc();
                break;
            case PodSourceReport.WatchRestarted restarted:
                _services.Metrics.WatchRestarts.WithLabels(_cluster, restarted.Reason.ToString()).Inc();
                break;
            case PodSourceReport.Failed failed:
                _services.Metrics.Failures.WithLabels(_cluster, failed.Reason.ToString()).Inc();
                if (failing != failed.Reason)
                    Events.Add("State", failed.Error);
                break;
            case PodSourceReport.Refused refused:
                Events.Add("Refused", refused.Error);
                break;
        }

        if (failing is not null && Health.Failure is null)
            Events.Add("State", "the remote API server answers again");
    }

    /// <summary>By the monotonic clock: a wall clock that is set back must not keep an address that has left, nor one set forward take one early.</summary>
    private long NowMilliseconds => (long)_services.Time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>When something was that stands in the index in <see cref="NowMilliseconds"/>.</summary>
    internal DateTimeOffset ToUtc(long milliseconds) => _services.Time.GetUtcNow() - TimeSpan.FromMilliseconds(NowMilliseconds - milliseconds);

    /// <summary>The convention, mark and limits by which the cluster's sets are written now.</summary>
    internal WriteRules Rules => new()
    {
        Convention = (Entry?.Convention ?? NamingConvention.KubePolicySemaphore).Name,
        ServiceId = _grid!.ServiceId,
        MaxNetsPerObject = _grid.MaxNetsPerObject,
        Retain = Entry?.OnRemoval == OnRemoval.Retain,
        DryRun = _grid.DryRun || Entry?.DryRun == true,
    };

    private bool IsCurrent(IPodSink sink) => _source is { } source && source.Sink == sink;

    private void Follow(GridOptions grid)
    {
        var before = (Grid: _grid, Entry);
        _grid = grid;
        Entry = grid.Find(_cluster);
        if (Entry is null)
            Leave(before.Entry);
        else if (before.Entry is null)
            Begin(Entry);
        else if (before.Entry != Entry || before.Grid!.PodResyncPeriod != grid.PodResyncPeriod)
            Change(before.Entry, Entry);
        else if (IsAuthoritative)
            CompareAll();
    }

    private void Begin(ClusterOptions entry)
    {
        LogBegins(_services.Logger, _cluster);
        Index.Rules = MembershipRules.For(entry);
        _removal.Cancel(_grid!);
        Start(entry);
    }

    private void Change(ClusterOptions before, ClusterOptions after)
    {
        LogChanged(_services.Logger, _cluster);
        Events.Add("State", "the configuration of the cluster changed");
        Index.Rules = MembershipRules.For(after);
        // What the user narrows by hand is meant; another server behind the entry must prove itself.
        _trustNextList = before.Connection == after.Connection;
        _guard.Reset();
        Start(after);
    }

    private void Leave(ClusterOptions? before)
    {
        if (before is not null)
        {
            LogLeaves(_services.Logger, _cluster, _grid!.RemovalGracePeriod);
            Events.Add("State", "the cluster has left the configuration");
        }

        Retire(_source);
        _source = null;
        IsAuthoritative = false;
        _trustNextList = false;
        _guard.Reset();
        // What stands in Calico stays until its removal is due: what was still to be written goes unwritten, and no set may
        // look as if its pods had gone.
        _abandoned = Task.WhenAll(_abandoned, _feeder.AbandonAsync());
        _feeder = NewFeeder();
        Index = NewIndex();
    }

    private PodIndex NewIndex() => new(new() { Cluster = _cluster });

    private SetFeeder NewFeeder() => new(_services, TakeSnapshot, Settled);

    /// <summary>The index stays, and with it what is served, until the new source has listed.</summary>
    private void Start(ClusterOptions entry)
    {
        Retire(_source);
        var resync = _grid!.PodResyncPeriod;
        _source = new RunningSource(_cluster, () => _services.Sources.Create(entry, resync), new WatcherSink(this, _scheduler), _services);
    }

    /// <summary>Not awaited: a source that hangs in its last request must not hold up its successor.</summary>
    private static void Retire(RunningSource? source) => _ = source?.DisposeAsync().AsTask();

    private void DropWhenStale()
    {
        if (Entry!.StaleAfter is not { } limit || !IsAuthoritative)
            return;
        if (Health.Silence is not { } silence || silence < limit)
            return;
        LogStale(_services.Logger, _cluster, limit);
        Events.Add("State", $"no contact for {limit}: the cluster's sets go, as staleAfter says");
        Index.Clear();
        FeedChanged(receivedAt: null);
        // Events alone would bring back a part of the pods only.
        IsAuthoritative = false;
        _source?.RequestRelist();
    }

    private RelistDecision? Hold(ClusterOptions entry, int before, int removed)
    {
        var wasHolding = _guard.IsHolding;
        var decision = _guard.Decide(before, removed, _trustNextList ? TimeSpan.Zero : entry.MassRemovalHold);
        if (decision == RelistDecision.Applied)
            return null;
        if (!wasHolding)
        {
            LogHolding(_services.Logger, _cluster, removed, before, entry.MassRemovalHold);
            Events.Add("State", $"a list would take away {removed} of {before} addresses; held for {entry.MassRemovalHold}");
        }

        return decision;
    }

    /// <summary>Compares every set, and every object of the cluster that no set wants any more, with Calico.</summary>
    private void CompareAll()
    {
        _comparedAt = _services.Time.GetTimestamp();
        DiscardChanged();
        var rules = Rules;
        foreach (var key in _services.Catalog.KeysOf(_cluster))
            Index.GetOrAdd(key);
        foreach (var set in Index.Sets.ToList())
        {
            if (!IsInSync(set, rules))
                _feeder.EnqueueSnapshot(set);
            else
                Settle(set);
        }

        _feeder.Pump();
    }

    private void CompareChanged()
    {
        var keys = _inbox.Take();
        if (!IsAuthoritative || Entry is null)
            return;
        var rules = Rules;
        foreach (var key in keys)
        {
            var set = Index.GetOrAdd(key);
            if (set.Feed is { IsInFlight: true } feed)
                feed.CompareAfterwards = true;
            else if (IsInSync(set, rules))
                Settle(set);
            else if (!Unsettled.Contains(set))
                Repair(set);
            else if (set.Feed is { Outcome: FeedOutcome.NameConflict or FeedOutcome.ForeignObject })
                _feeder.EnqueueSnapshot(set);
        }

        _feeder.Pump();
    }

    private void Repair(MemberSet set)
    {
        _services.Metrics.DriftRepairs.WithLabels(_cluster).Inc();
        LogDrift(_services.Logger, _cluster, set.Key.Namespace, set.Key.Name);
        _feeder.EnqueueRepair(set);
    }

    private bool IsInSync(MemberSet set, WriteRules rules) =>
        SetComparison.IsInSync(set.Key, set.Nets, _services.Catalog.ObjectsOf(set.Key), rules);

    /// <summary>Nothing is to be written: what was noted as change is in Calico already.</summary>
    private void Settle(MemberSet set)
    {
        if (!Unsettled.Contains(set))
            set.TakeChanges();
        Index.MarkWritten(set);
        if (set.NetCount == 0 && set.Feed is not { IsInFlight: true } and not { IsQueued: true })
            Index.Forget(set);
    }

    private void DiscardChanged()
    {
        Index.TakeChanged(_changed);
        _changed.Clear();
    }

    private void FeedChanged(long? receivedAt)
    {
        // A first list that is held back stands in the index too; what it changed is compared once a list is believed.
        if (!IsAuthoritative)
            return;
        Index.TakeChanged(_changed);
        foreach (var set in _changed)
        {
            if (set.HasChanges)
                _feeder.Enqueue(set, receivedAt);
        }

        _changed.Clear();
        _feeder.Pump();
    }

    private MembershipSnapshot TakeSnapshot(MemberSet set, FeedVersion version) => new()
    {
        Version = version,
        Nets = [.. set.Nets],
        Objects = _services.Catalog.ObjectsOf(set.Key),
        Rules = Rules,
    };

    private void Settled(MemberSet set, FeedReply reply, TimeSpan? took)
    {
        _services.Catalog.Record(reply);
        var feed = set.Feed!;
        if (reply.Outcome == FeedOutcome.InSync)
            TellWritten(set, feed, reply, took);
        // The cluster has left the configuration while the call was under way.
        if (Index.Find(set.Key) != set)
            return;
        if (reply.Outcome == FeedOutcome.InSync)
        {
            feed.IsRepair = false;
            if (!set.HasChanges)
                Index.MarkWritten(set);
            FeedChanged(receivedAt: null);
            if (feed.CompareAfterwards && !feed.IsInFlight && !feed.IsQueued && !IsInSync(set, Rules))
                Repair(set);
            else if (set.NetCount == 0 && !Unsettled.Contains(set))
                Index.Forget(set);
        }
        else if (feed.Failures == 1 && reply.Outcome is not (FeedOutcome.Conflict or FeedOutcome.Moving))
        {
            LogNotWritten(_services.Logger, _cluster, set.Key.Namespace, set.Key.Name, reply.Outcome, reply.Error);
            Events.Add("Failed", $"{reply.Outcome}: {reply.Error}", set.Key.Namespace, set.Key.Name);
        }

        feed.CompareAfterwards = false;
    }

    private void TellWritten(MemberSet set, SetFeed feed, FeedReply reply, TimeSpan? took)
    {
        if (took is { } time && reply.Writes > 0)
            _services.Metrics.Propagation.WithLabels(_cluster).Observe(time.TotalSeconds);
        if (reply.Writes == 0)
            return;
        var kind = feed.IsRepair ? "DriftRepaired" : set.NetCount == 0 ? "SetRemoved" : "SetWritten";
        Events.Add(kind, $"{set.NetCount} nets of {set.PodCount} pods", set.Key.Namespace, set.Key.Name, took);
        LogWritten(_services.Logger, _cluster, set.Key.Namespace, set.Key.Name, set.NetCount, reply.Writes);
    }
}
