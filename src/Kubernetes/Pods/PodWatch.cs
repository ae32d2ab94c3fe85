using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// Follows the pods of one query from a list on, through all the watches it takes, until the server has forgotten the
/// version (410) or the list after it is accepted.
/// </summary>
internal sealed class PodWatch(PodQuery query, string from, PodReflectorParts parts, SerialSink sink)
{
    // A watch that ends sooner, and has told nothing, did no good, however it ended.
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(5);

    // Bounds how long a server keeps a watch that nobody reads any more, and lets load balancers even out.
    private static readonly TimeSpan MinLimit = TimeSpan.FromMinutes(5);

    private readonly Backoff _backoff = new(parts.Random);
    private RecentChanges? _recent;
    private string? _versionAtList;

    /// <summary>The version up to which everything has been handed over.</summary>
    public string ResourceVersion { get; private set; } = from;

    /// <summary>Remembers from now on what is handed over, for the list that begins. Called within the sink's turn.</summary>
    public void BeginList()
    {
        _recent = new RecentChanges();
        _versionAtList = ResourceVersion;
    }

    /// <summary>The list, with what was handed over since <see cref="BeginList"/>. Called within the sink's turn.</summary>
    public PodListing BringUpToDate(PodListing listing) => _recent?.ApplyTo(listing, _versionAtList) ?? listing;

    /// <summary>Remembers no longer. Called within the sink's turn.</summary>
    public void EndList() => _recent = null;

    /// <summary>Ends only when a new list is needed, or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stream = new PodWatchStream(parts.Connection, parts.Cluster.SetNameSource, parts.Time);
        while (true)
        {
            var begun = parts.Time.GetTimestamp();
            var before = ResourceVersion;
            var limit = MinLimit * (1 + parts.Random.NextDouble());
            var end = await stream.ReadAsync(
                query, ResourceVersion, limit, (batch, refused, version) => HandOverAsync(batch, refused, version, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            if (end.Reason == WatchRestartReason.Expired)
            {
                Tell(end, TimeSpan.Zero);
                return;
            }

            var lived = parts.Time.GetElapsedTime(begun);
            if (lived >= ShortLife || ResourceVersion != before)
                _backoff.Reset();
            var pause = PauseAfter(end, lived);
            Tell(end, pause);
            await Task.Delay(pause, parts.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // The usual end needs no pause, unless a server ends every watch at once.
    private TimeSpan PauseAfter(WatchEnd end, TimeSpan lived) =>
        end.Failure is { } failure ? _backoff.Next(failure)
        : lived >= ShortLife ? TimeSpan.Zero
        : _backoff.Next();

    private async ValueTask HandOverAsync(PodBatch batch, IReadOnlyList<string> refused, string? version, CancellationToken cancellationToken)
    {
        sink.ReportContact();
        if (batch.Count > 0)
            await sink.ApplyAsync(batch, changes => _recent?.Add(changes), cancellationToken).ConfigureAwait(false);
        foreach (var text in refused)
            sink.Report(new PodSourceReport.Refused(text));
        // A bookmark says nothing about which pods exist, only how far we have seen.
        ResourceVersion = version ?? ResourceVersion;
    }

    private void Tell(WatchEnd end, TimeSpan pause)
    {
        parts.Log.WatchEnded(parts.Cluster.Name, end.Reason, ResourceVersion, pause);
        // An expired version and a silent or cut connection are part of the usual course; a refusal is not.
        if (end.Failure is { } failure && end.Reason is not WatchRestartReason.Expired)
        {
            parts.Log.RequestFailed(parts.Cluster.Name, failure, pause);
            sink.Report(new PodSourceReport.Failed(failure.Reason, failure.Message, pause));
        }

        sink.Report(new PodSourceReport.WatchRestarted(end.Reason));
    }
}
