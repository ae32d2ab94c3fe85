using System.Collections.Immutable;
using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// Brings the objects of one set to what is wanted, one write after another. Holds what it last saw of each object; after
/// anything but a clean end it holds nothing and wants a snapshot.
/// </summary>
internal sealed partial class SetWriter(NetworkSetKey key, SetWriterServices services)
{
    private readonly SortedDictionary<int, NetworkSetObject> _objects = [];
    private readonly ImmutableArray<NetworkSetObject>.Builder _seen = ImmutableArray.CreateBuilder<NetworkSetObject>(1);
    private readonly ImmutableArray<GoneObject>.Builder _gone = ImmutableArray.CreateBuilder<GoneObject>(1);
    private readonly List<NetworkSetObject> _strays = [];
    private ShardLayout _layout = new(1);
    private WriteRules? _rules;
    private FeedVersion _version;
    private NetworkSetObject? _obstacle;
    private int _writes;

    /// <summary>Takes a change in, when it fits what is held, and writes it.</summary>
    public Task<FeedReply> ApplyAsync(MembershipDelta delta, CancellationToken cancellationToken)
    {
        if (_rules is null || _version != delta.Base || _obstacle is not null)
            return Task.FromResult(new FeedReply { Outcome = FeedOutcome.NeedSnapshot });
        _layout.Apply(delta.Added, delta.Removed);
        _version = delta.Version;
        return WriteAsync(cancellationToken);
    }

    /// <summary>Takes all from the snapshot, and writes what differs.</summary>
    public Task<FeedReply> ReconcileAsync(MembershipSnapshot snapshot, CancellationToken cancellationToken)
    {
        _rules = snapshot.Rules;
        _version = snapshot.Version;
        _layout = new(snapshot.Rules.MaxNetsPerObject);
        Sort(snapshot.Objects, snapshot.Rules.ServiceId);
        _layout.Reset(snapshot.Nets, _objects.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Nets)));
        foreach (var shard in _objects.Keys.Concat(_layout.Shards))
            _layout.Touched.TryAdd(shard, false);
        return WriteAsync(cancellationToken);
    }

    /// <summary>Tells this set's objects from those that carry its labels elsewhere and from what stands in its way.</summary>
    private void Sort(ImmutableArray<NetworkSetObject> objects, string serviceId)
    {
        _objects.Clear();
        _strays.Clear();
        _obstacle = null;
        foreach (var seen in objects)
        {
            var named = NamingConvention.TryGetShard(key, seen.Name, out var shard);
            var ours = Ownership.Judge(seen, key, serviceId) == ObjectClaim.Ours;
            if (named && ours)
                _objects[shard] = seen;
            else if (named)
                _obstacle ??= seen;
            else if (ours)
                _strays.Add(seen);
        }
    }

    private async Task<FeedReply> WriteAsync(CancellationToken cancellationToken)
    {
        _seen.Clear();
        _gone.Clear();
        _writes = 0;
        try
        {
            var reply = _obstacle is null ? await WriteAllAsync(cancellationToken) : await GiveWayAsync(_obstacle, cancellationToken);
            if (reply.Outcome != FeedOutcome.InSync)
                _rules = null;
            return reply;
        }
        catch
        {
            // How the write ended is unknown: nothing that is held can be trusted.
            _rules = null;
            throw;
        }
    }

    private async Task<FeedReply> WriteAllAsync(CancellationToken cancellationToken)
    {
        FeedReply? failure = null;
        // First what gains an address, then what loses: one that moves between objects is never absent.
        var touched = _layout.Touched.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key).ToList();
        _layout.Touched.Clear();
        foreach (var shard in touched)
            failure = await WriteShardAsync(shard, keepStanding: failure is not null, cancellationToken) ?? failure;
        failure = await DeleteStraysAsync(keepWanted: failure is not null, cancellationToken) ?? failure;
        // Made anew: what was written after the failure belongs to the answer too.
        return failure is null ? Reply(FeedOutcome.InSync) : Reply(failure.Outcome, failure.Error, failure.RetryAfter);
    }

    private async Task<FeedReply?> DeleteStraysAsync(bool keepWanted, CancellationToken cancellationToken)
    {
        FeedReply? failure = null;
        foreach (var stray in _strays)
        {
            // Until the objects are written it may be the only one that holds the address.
            if (!keepWanted || !stray.Nets.Any(_layout.Contains))
                failure = await DeleteAsync(stray, cancellationToken) ?? failure;
        }

        _strays.Clear();
        return failure;
    }

    /// <summary>
    /// Somebody else's object has one of the set's names: nothing is added, but what a pod no longer has is still taken
    /// out of the objects that are ours.
    /// </summary>
    private async Task<FeedReply> GiveWayAsync(NetworkSetObject obstacle, CancellationToken cancellationToken)
    {
        foreach (var shard in _objects.Keys.ToList())
        {
            var left = _objects[shard].Nets.Where(_layout.Contains).ToImmutableArray();
            if (left.Length == _objects[shard].Nets.Length && _objects[shard].NetsExact)
                continue;
            if (await WriteShardAsync(shard, left, cancellationToken) is { } failure)
                return failure;
        }

        if (await DeleteStraysAsync(keepWanted: true, cancellationToken) is { } kept)
            return kept;
        // Nothing is wanted, so nothing is in the way.
        if (_layout.Count == 0)
            return Reply(FeedOutcome.InSync);
        var another = Ownership.Judge(obstacle, key, _rules!.ServiceId) == ObjectClaim.AnotherSet;
        return another
            ? Reply(FeedOutcome.NameConflict, $"object {obstacle.Name} belongs to the set {obstacle.Key}")
            : Reply(FeedOutcome.ForeignObject, $"object {obstacle.Name} is not ours: {DescribeForeign(obstacle)}");
    }

    private static string DescribeForeign(NetworkSetObject obstacle) =>
        obstacle.Owner is { } owner ? $"its owner is the grid '{owner}'" : $"its label managed-by is '{obstacle.ManagedBy}'";

    private Task<FeedReply?> WriteShardAsync(int shard, bool keepStanding, CancellationToken cancellationToken)
    {
        var nets = _layout.Nets(shard);
        // After a failure the address may not stand yet where it moves to.
        if (keepStanding && _objects.TryGetValue(shard, out var standing))
            nets = [.. nets.Union(standing.Nets.Where(_layout.Contains))];
        return WriteShardAsync(shard, nets, cancellationToken);
    }

    private async Task<FeedReply?> WriteShardAsync(int shard, ImmutableArray<PodAddress> nets, CancellationToken cancellationToken)
    {
        _objects.TryGetValue(shard, out var seen);
        if (nets.IsEmpty)
            return seen is null ? null : await DeleteAsync(seen, cancellationToken);
        var write = Describe(shard, nets);
        if (seen is not null && Ownership.IsExact(seen, write) && SameNets(seen.Nets, nets))
            return null;
        if (_rules!.DryRun)
            return WouldWrite(seen is null ? WriteVerb.Create : WriteVerb.Update, write.ObjectName, nets.Length);

        var verb = seen is null ? WriteVerb.Create : WriteVerb.Update;
        var result = await SendAsync(
            verb,
            store => seen is null ? store.CreateAsync(write, cancellationToken) : store.UpdateAsync(write, seen, cancellationToken),
            cancellationToken);
        if (result is { Outcome: StoreOutcome.Done, Seen: { } now })
        {
            _seen.Add(now);
            _objects[shard] = now;
            _writes++;
            // The aggregated API server has been seen to answer success without writing.
            if (Ownership.IsExact(now, write) && SameNets(now.Nets, nets))
                return null;
            return WroteOtherwise(now);
        }

        return await FailAsync(result, write.ObjectName, seen, cancellationToken);
    }

    private async Task<FeedReply?> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken)
    {
        if (_rules!.DryRun)
            return WouldWrite(WriteVerb.Delete, seen.Name, 0);
        // Waits for somebody's finalizer: what is left to do is to have no address in it meanwhile.
        if (seen.Deleting && seen.Nets.IsEmpty && seen.NetsExact)
            return null;
        if (seen.Deleting)
            return await EmptyAsync(seen, cancellationToken);
        var result = await SendAsync(WriteVerb.Delete, store => store.DeleteAsync(seen, cancellationToken), cancellationToken);
        if (result.Outcome is not (StoreOutcome.Done or StoreOutcome.NotFound))
            return await FailAsync(result, seen.Name, seen, cancellationToken);
        _writes++;
        Forget(seen.Name);
        if (result.Seen is { Deleting: true } waiting)
        {
            _seen.Add(waiting);
            return await EmptyAsync(waiting, cancellationToken);
        }

        _gone.Add(new(seen.Name, seen.Uid));
        return null;
    }

    private async Task<FeedReply?> EmptyAsync(NetworkSetObject seen, CancellationToken cancellationToken)
    {
        var named = NamingConvention.TryGetShard(key, seen.Name, out var shard);
        var write = Describe(shard, []);
        var result = await SendAsync(WriteVerb.Update, store => store.UpdateAsync(write, seen, cancellationToken), cancellationToken);
        if (result is not { Outcome: StoreOutcome.Done, Seen: { } now })
            return await FailAsync(result, seen.Name, seen, cancellationToken);
        _writes++;
        _seen.Add(now);
        if (named)
            _objects[shard] = now;
        return now.Nets.IsEmpty && now.NetsExact ? null : WroteOtherwise(now);
    }

    private async Task<StoreResult> SendAsync(WriteVerb verb, Func<INetworkSetStore, Task<StoreResult>> send, CancellationToken cancellationToken)
    {
        using var lease = await services.Gate.EnterAsync(key.Cluster, cancellationToken);
        // As late as can be: what was decided before a gap may be wrong by now.
        if (!await services.Pulse.IsFreshAsync(cancellationToken))
            return new StoreResult { Outcome = StoreOutcome.Failed, Error = SiloPulse.NotMember };
        var started = services.Time.GetTimestamp();
        var result = await send(services.Store);
        lease.Outcome = result.Outcome;
        services.Metrics.CountWrite(key.Cluster, verb, result.Outcome, services.Time.GetElapsedTime(started));
        return result;
    }

    /// <summary>After a lost race or an unknown end the object is read, so that the next decision is made on what stands there.</summary>
    private async Task<FeedReply> FailAsync(StoreResult result, string name, NetworkSetObject? seen, CancellationToken cancellationToken)
    {
        if (result.Outcome is not (StoreOutcome.Conflict or StoreOutcome.NotFound))
            return Reply(FeedOutcome.Failed, result.Error ?? $"write of {name} ended as {result.Outcome}", result.RetryAfter);
        var read = await services.Store.ReadAsync(name, cancellationToken);
        if (read.Outcome == StoreOutcome.NotFound && seen is not null)
            _gone.Add(new(seen.Name, seen.Uid));
        if (read.Seen is not { } now)
            return Reply(FeedOutcome.Conflict, result.Error);
        _seen.Add(now);
        return Ownership.Judge(now, key, _rules!.ServiceId) switch
        {
            ObjectClaim.AnotherSet => Reply(FeedOutcome.NameConflict, $"object {now.Name} belongs to the set {now.Key}"),
            ObjectClaim.Foreign => Reply(FeedOutcome.ForeignObject, $"object {now.Name} is not ours: {DescribeForeign(now)}"),
            _ => Reply(FeedOutcome.Conflict, result.Error),
        };
    }

    private NetworkSetWrite Describe(int shard, ImmutableArray<PodAddress> nets)
    {
        NamingConvention.TryGet(_rules!.Convention, out var convention);
        return new()
        {
            Key = key,
            Shard = shard,
            Convention = convention ?? NamingConvention.KubePolicySemaphore,
            ServiceId = _rules.ServiceId,
            Nets = nets,
            OnRemoval = _rules.Retain ? RemovalMarks.Retain : null,
            RemovalStarted = shard == 0 ? _rules.RemovalStarted : null,
        };
    }

    private FeedReply WroteOtherwise(NetworkSetObject now) =>
        Reply(FeedOutcome.Failed, $"the answer to the write of {now.Name} shows other content than was sent");

    private FeedReply WouldWrite(WriteVerb verb, string name, int nets)
    {
        LogWouldWrite(services.Logger, verb, name, nets);
        return Reply(FeedOutcome.DryRun, $"dry run: would {verb.ToString().ToLowerInvariant()} {name}");
    }

    private void Forget(string name)
    {
        if (NamingConvention.TryGetShard(key, name, out var shard))
            _objects.Remove(shard);
    }

    private static bool SameNets(ImmutableArray<PodAddress> standing, ImmutableArray<PodAddress> wanted) =>
        standing.Length == wanted.Length && standing.ToHashSet().SetEquals(wanted);

    private FeedReply Reply(FeedOutcome outcome, string? error = null, TimeSpan? retryAfter = null) => new()
    {
        Outcome = outcome,
        Error = error,
        RetryAfter = retryAfter,
        Seen = _seen.ToImmutable(),
        Gone = _gone.ToImmutable(),
        Writes = _writes,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Dry run: would {Verb} {Object} with {Nets} nets")]
    private static partial void LogWouldWrite(ILogger logger, WriteVerb verb, string @object, int nets);
}
