using KubePolicySemaphore.Grains.Placement;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Naming;
using Orleans.Placement;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// See <see cref="IGlobalNetworkSetGrain"/>. Placed near the watcher that feeds it. Sleeps soon after its last write: most
/// sets are written once and then stand for hours, and an activation costs more than the set in the watcher's index. Writes
/// nothing on a silo that leaves, where a write may hang until the silo is gone: it goes where the cluster's watcher goes.
/// </summary>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class GlobalNetworkSetGrain(SetWriterServices services, SiloDrain drain, WatcherSeats seats) : Grain, IGlobalNetworkSetGrain
{
    private NetworkSetKey _key;
    private SetWriter? _writer;

    private SetWriter Writer => _writer ?? throw new InvalidOperationException("The grain is not active.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var text = this.GetPrimaryKeyString();
        if (!NetworkSetKey.TryParse(text, out _key))
            throw new InvalidOperationException($"'{text}' is not the key of a set: cluster/namespace/name");
        _writer = new SetWriter(_key, services);
        return Task.CompletedTask;
    }

    public Task<FeedReply> ApplyAsync(MembershipDelta delta, CancellationToken cancellationToken) =>
        Moves() ?? Writer.ApplyAsync(delta, cancellationToken);

    public Task<FeedReply> ReconcileAsync(MembershipSnapshot snapshot, CancellationToken cancellationToken) =>
        Moves() ?? Writer.ReconcileAsync(snapshot, cancellationToken);

    private Task<FeedReply>? Moves()
    {
        if (!drain.HasBegun || seats.Elsewhere(_key.Cluster) is not { } silo)
            return null;
        this.MoveTo(silo);
        return Task.FromResult(new FeedReply { Outcome = FeedOutcome.Moving, Error = "the silo of the set's grain leaves" });
    }
}
