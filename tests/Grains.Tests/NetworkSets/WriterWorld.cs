using System.Collections.Immutable;
using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Grains.Tests.Fencing;
using KubePolicySemaphore.Grains.Watching;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;

namespace KubePolicySemaphore.Grains.Tests.NetworkSets;

/// <summary>The writer of the set blue/shop/web-x over a <see cref="FakeStore"/>, fed as its watcher would.</summary>
internal sealed class WriterWorld
{
    public static readonly NetworkSetKey Key = new("blue", "shop", "web-x");

    private readonly SetWriter _writer;
    private HashSet<PodAddress> _sent = [];
    private long _version;
    private bool _isKnown;

    public WriterWorld(int maxNetsPerObject = 3)
        : this(new FakeTimeProvider(), maxNetsPerObject)
    {
    }

    public WriterWorld(TimeProvider time, int maxNetsPerObject = 3)
    {
        Rules = new()
        {
            Convention = NamingConvention.KubePolicySemaphore.Name,
            ServiceId = "grid",
            MaxNetsPerObject = maxNetsPerObject,
            Retain = false,
            DryRun = false,
        };
        _writer = new(Key, new(Store, new WriteGate(time), new SiloPulse(Grid, time, NullLogger<SiloPulse>.Instance), new GridMetrics(Metrics.NewCustomRegistry()), time, NullLogger<SetWriter>.Instance));
    }

    public FakeStore Store { get; } = new();

    public FakeMembershipCheck Grid { get; } = new();

    public WriteRules Rules { get; set; }

    /// <summary>Objects that carry the set's labels or have one of its names.</summary>
    public ImmutableArray<NetworkSetObject> Objects =>
        [.. Store.Objects.Values.Where(seen => seen.Key == Key || NamingConvention.TryGetShard(Key, seen.Name, out _))];

    public static PodAddress Address(int i) => Membership.TestPod.Address($"10.0.{i / 256}.{i % 256}");

    public static PodAddress[] Addresses(params IEnumerable<int> numbers) => [.. numbers.Select(Address)];

    /// <summary>An object as this grid would have written it.</summary>
    public static NetworkSetObject Object(int shard, params IEnumerable<int> nets) => new()
    {
        Name = NamingConvention.ObjectName(Key, shard),
        Uid = $"standing-{shard}",
        ResourceVersion = "",
        ManagedBy = NamingConvention.KubePolicySemaphore.ManagedBy,
        Key = Key,
        ShardLabel = shard == 0 ? null : $"{shard}",
        Owner = "grid",
        Nets = [.. Addresses(nets).OrderBy(net => net.ToNet(), StringComparer.Ordinal)],
        NetsExact = true,
    };

    public bool IsInSync(IReadOnlyCollection<PodAddress> wanted) => SetComparison.IsInSync(Key, wanted, Objects, Rules);

    public async Task<FeedReply> ReconcileAsync(params IEnumerable<PodAddress> wanted)
    {
        _sent = [.. wanted];
        return Note(await _writer.ReconcileAsync(
            new() { Version = Version(++_version), Nets = [.. _sent], Objects = Objects, Rules = Rules }, CancellationToken.None));
    }

    public async Task<FeedReply> ApplyAsync(params IEnumerable<PodAddress> wanted)
    {
        var now = wanted.ToHashSet();
        var delta = new MembershipDelta
        {
            Base = Version(_version),
            Version = Version(_version + 1),
            Added = [.. now.Except(_sent)],
            Removed = [.. _sent.Except(now)],
        };
        _version++;
        _sent = now;
        return Note(await _writer.ApplyAsync(delta, CancellationToken.None));
    }

    /// <summary>A delta where the writer knows the last version, else a snapshot.</summary>
    public async Task<FeedReply> FeedAsync(params IEnumerable<PodAddress> wanted)
    {
        var all = wanted.ToArray();
        var reply = _isKnown ? await ApplyAsync(all) : new FeedReply { Outcome = FeedOutcome.NeedSnapshot };
        return reply.Outcome == FeedOutcome.NeedSnapshot ? await ReconcileAsync(all) : reply;
    }

    private static FeedVersion Version(long counter) => new(Guid.Empty, counter);

    private FeedReply Note(FeedReply reply)
    {
        _isKnown = reply.Outcome == FeedOutcome.InSync;
        return reply;
    }
}
