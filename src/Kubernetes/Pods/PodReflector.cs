using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// Lists and watches the pods of one cluster for ever, as client-go's reflector does
/// (https://pkg.go.dev/k8s.io/client-go/tools/cache#Reflector): a complete list, then watches from its version; a new
/// list when the server has forgotten the version, after each resync period, and when asked for. While a list is read
/// the watches before it go on.
/// </summary>
internal sealed class PodReflector(PodReflectorParts parts) : IPodSource
{
    private static readonly TimeSpan UsefulLife = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<PodQuery> _queries = PodQuery.Of(parts.Cluster);
    private readonly PodListReader _reader = new(parts.Connection, parts.Cluster.SetNameSource, parts.Time, parts.Slots);
    private readonly Backoff _backoff = new(parts.Random);
    private readonly Backoff _afterExpiry = new(parts.Random);
    private long _acceptedAt;
    private TaskCompletionSource _relist = NewSignal();
    private RunningWatches _watches = RunningWatches.None;

    /// <inheritdoc />
    public void RequestRelist() => Volatile.Read(ref _relist).TrySetResult();

    /// <inheritdoc />
    public async Task RunAsync(IPodSink sink, CancellationToken cancellationToken)
    {
        using var serial = new SerialSink(sink, parts.Time);
        if (parts.Connection.IsInsecure)
            sink.Report(new PodSourceReport.Warning($"{parts.Cluster.Name}: insecureSkipTlsVerify is set, the server's certificate is not verified"));
        try
        {
            while (true)
            {
                Volatile.Write(ref _relist, NewSignal());
                var next = await ListAsync(serial, cancellationToken).ConfigureAwait(false);
                await WaitForAsync(next, cancellationToken).ConfigureAwait(false);
                await PauseIfUselessAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await _watches.StopAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => parts.Connection.DisposeAsync();

    // One try; answers when the next list is due.
    private async Task<TimeSpan> ListAsync(SerialSink sink, CancellationToken cancellationToken)
    {
        var begun = parts.Time.GetTimestamp();
        parts.Log.ListBegins(parts.Cluster.Name);
        sink.Report(new PodSourceReport.ListStarted());
        try
        {
            await sink.RunAsync(_ => _watches.BeginListAsync(), cancellationToken).ConfigureAwait(false);
            var listings = new List<PodListing>(_queries.Count);
            foreach (var query in _queries)
                listings.Add(await _reader.ReadAsync(query, sink.ReportContact, cancellationToken).ConfigureAwait(false));
            sink.Report(new PodSourceReport.ListCompleted(
                listings.Sum(listing => listing.Pages.Count), listings.Sum(listing => listing.Pods), parts.Time.GetElapsedTime(begun)));
            foreach (var refusal in listings.SelectMany(listing => listing.Refused))
                sink.Report(new PodSourceReport.Refused(refusal));
            _backoff.Reset();
            return await OfferAsync(listings, sink, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiServerException exception)
        {
            var pause = _backoff.Next(exception);
            parts.Log.RequestFailed(parts.Cluster.Name, exception, pause);
            sink.Report(new PodSourceReport.Failed(exception.Reason, exception.Message, pause));
            // What a list that failed would have been measured by is of no use to the next one.
            await sink.RunAsync(_ => _watches.EndListAsync(), cancellationToken).ConfigureAwait(false);
            await Task.Delay(pause, parts.Time, cancellationToken).ConfigureAwait(false);
            return TimeSpan.Zero;
        }
    }

    private async Task<TimeSpan> OfferAsync(List<PodListing> listings, SerialSink sink, CancellationToken cancellationToken)
    {
        var old = _watches;
        // As the server gave it: what the watches have told since comes on top.
        var (pages, pods) = (listings.Sum(listing => listing.Pages.Count), listings.Sum(listing => listing.Pods));
        var decision = await sink.RunAsync(
            async target =>
            {
                // In the sink's turn, so that no watch hands anything over between this look at it and its end.
                var current = listings.Select((listing, i) => old.BringUpToDate(i, listing)).ToList();
                var decision = await target.ReplaceAsync([.. current.SelectMany(listing => listing.Pages)], cancellationToken).ConfigureAwait(false);
                await old.EndListAsync().ConfigureAwait(false);
                if (decision.ListAgainAfter is null)
                {
                    await old.CancelAsync().ConfigureAwait(false);
                    listings = current;
                }

                return decision;
            },
            cancellationToken).ConfigureAwait(false);
        var applied = decision.ListAgainAfter is null;
        parts.Log.ListCompleted(parts.Cluster.Name, pages, pods, listings[0].ResourceVersion, applied);
        if (!applied)
            return decision.ListAgainAfter!.Value;
        if (await old.StopAsync().ConfigureAwait(false))
            sink.Report(new PodSourceReport.WatchRestarted(WatchRestartReason.Resync));
        _watches = RunningWatches.Start(
            [.. _queries.Select((query, i) => new PodWatch(query, listings[i].ResourceVersion, parts, sink))], cancellationToken);
        _acceptedAt = parts.Time.GetTimestamp();
        return parts.ResyncPeriod * (0.8 + (parts.Random.NextDouble() * 0.4));
    }

    // Until the time is over, somebody asks, or a watch can go on no longer. One that had ended before a list that was
    // then held back says nothing new.
    private async Task WaitForAsync(TimeSpan next, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(next, parts.Time, waiting.Token);
        var watchEnd = _watches.FirstEnd.IsCompletedSuccessfully ? timer : _watches.FirstEnd;
        await (await Task.WhenAny(timer, Volatile.Read(ref _relist).Task, watchEnd).ConfigureAwait(false)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // A server that lists but calls every version too old would be listed in a circle.
    private async Task PauseIfUselessAsync(CancellationToken cancellationToken)
    {
        if (!_watches.FirstEnd.IsCompletedSuccessfully)
            return;
        if (parts.Time.GetElapsedTime(_acceptedAt) > UsefulLife)
            _afterExpiry.Reset();
        await Task.Delay(_afterExpiry.Next(), parts.Time, cancellationToken).ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
