using System.Collections.Immutable;
using System.Globalization;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

/// <summary>
/// Objects with uids and resourceVersions in memory, one request after another; faults by choice, before the request is
/// done or after.
/// </summary>
internal sealed class FakeStore : INetworkSetStore
{
    private long _counter;

    public SortedDictionary<string, NetworkSetObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Names whose objects stay, marked, when they are deleted.</summary>
    public HashSet<string> WithFinalizer { get; } = [];

    /// <summary>Writes that were asked for, as <c>update blue-shop-web-x</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Asked before each write: null lets it pass.</summary>
    public Func<WriteVerb, string, Fault?> Fault { get; set; } = (_, _) => null;

    /// <summary>Called after each write.</summary>
    public Action AfterWrite { get; set; } = () => { };

    public HashSet<PodAddress> Union => [.. Objects.Values.SelectMany(seen => seen.Nets)];

    public Task<StoreResult> CreateAsync(NetworkSetWrite write, CancellationToken cancellationToken) =>
        Send(WriteVerb.Create, write.ObjectName, () => Objects.ContainsKey(write.ObjectName)
            ? Ended(StoreOutcome.Conflict)
            : Put(new() { Name = write.ObjectName, Uid = $"uid-{++_counter}", ResourceVersion = "" }, write));

    public Task<StoreResult> UpdateAsync(NetworkSetWrite write, NetworkSetObject seen, CancellationToken cancellationToken) =>
        Send(WriteVerb.Update, seen.Name, () => Check(seen) is { } refused ? Ended(refused) : Put(Objects[seen.Name], write));

    public Task<StoreResult> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken) =>
        Send(WriteVerb.Delete, seen.Name, () =>
        {
            if (Check(seen) is { } refused)
                return Ended(refused);
            if (WithFinalizer.Contains(seen.Name))
                return new() { Outcome = StoreOutcome.Done, Seen = Stand(Objects[seen.Name] with { Deleting = true }) };
            Objects.Remove(seen.Name);
            return Ended(StoreOutcome.Done);
        });

    public Task<StoreResult> ReadAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult(Objects.TryGetValue(name, out var seen)
            ? new StoreResult { Outcome = StoreOutcome.Done, Seen = seen }
            : Ended(StoreOutcome.NotFound));

    public Task ObserveAsync(INetworkSetObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Puts the object there as somebody else would: under a new resourceVersion.</summary>
    public NetworkSetObject Stand(NetworkSetObject seen) =>
        Objects[seen.Name] = seen with { ResourceVersion = (++_counter).ToString(CultureInfo.InvariantCulture) };

    private Task<StoreResult> Send(WriteVerb verb, string name, Func<StoreResult> write)
    {
        Requests.Add($"{verb.ToString().ToLowerInvariant()} {name}");
        var fault = Fault(verb, name);
        if (fault is { TouchBefore: true } && Objects.TryGetValue(name, out var touched))
            Stand(touched);
        var result = fault is { Outcome: { } outcome, DoneAllTheSame: false } ? Ended(outcome) : write();
        if (fault is { Outcome: { } dropped, DoneAllTheSame: true })
            result = Ended(dropped);
        AfterWrite();
        return Task.FromResult(fault?.Answer?.Invoke(result) ?? result);
    }

    private StoreOutcome? Check(NetworkSetObject seen) =>
        !Objects.TryGetValue(seen.Name, out var now) ? StoreOutcome.NotFound
        : now.Uid != seen.Uid || now.ResourceVersion != seen.ResourceVersion ? StoreOutcome.Conflict
        : null;

    private StoreResult Put(NetworkSetObject before, NetworkSetWrite write) => new()
    {
        Outcome = StoreOutcome.Done,
        Seen = Stand(before with
        {
            ManagedBy = write.Convention.ManagedBy,
            Key = write.Key,
            ShardLabel = write.Shard == 0 ? null : write.Shard.ToString(CultureInfo.InvariantCulture),
            Owner = write.ServiceId,
            OnRemoval = write.OnRemoval,
            RemovalStarted = write.RemovalStarted,
            Nets = [.. write.Nets.OrderBy(net => net.ToNet(), StringComparer.Ordinal)],
            NetsExact = true,
        }),
    };

    private static StoreResult Ended(StoreOutcome outcome) =>
        new() { Outcome = outcome, Error = outcome == StoreOutcome.Done ? null : $"fake: {outcome}" };
}
