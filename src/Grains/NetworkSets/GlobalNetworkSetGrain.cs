using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Naming;
using Orleans.Placement;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// See <see cref="IGlobalNetworkSetGrain"/>. Placed near the watcher that feeds it. Sleeps soon after its last write: most
/// sets are written once and then stand for hours, and an activation costs more than the set in the watcher's index.
/// </summary>
[PreferLocalPlacement]
[CollectionAgeLimit(Minutes = 2)]
internal sealed class GlobalNetworkSetGrain(SetWriterServices services) : Grain, IGlobalNetworkSetGrain
{
    private SetWriter? _writer;

    private SetWriter Writer => _writer ?? throw new InvalidOperationException("The grain is not active.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var text = this.GetPrimaryKeyString();
        _writer = NetworkSetKey.TryParse(text, out var key)
            ? new SetWriter(key, services)
            : throw new InvalidOperationException($"'{text}' is not the key of a set: cluster/namespace/name");
        return Task.CompletedTask;
    }

    public Task<FeedReply> ApplyAsync(MembershipDelta delta, CancellationToken cancellationToken) =>
        Writer.ApplyAsync(delta, cancellationToken);

    public Task<FeedReply> ReconcileAsync(MembershipSnapshot snapshot, CancellationToken cancellationToken) =>
        Writer.ReconcileAsync(snapshot, cancellationToken);
}
