using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>
/// Reads a complete list as a watch that begins with all there is, which costs the server far less memory than pages
/// (https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists).
/// </summary>
internal sealed class PodListStream(ApiServerConnection connection, SetNameSource source, TimeProvider time)
{
    private const int WindowBytes = 128 * 1024;
    private const int RowsPerBatch = 5_000;

    // A server from before Kubernetes 1.19 takes it for a plain watch, which never says that all has come.
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private bool _isOffered = true;

    /// <summary>The list; null where the server does not offer it this way, or not now: then ask for pages.</summary>
    /// <exception cref="ApiServerException">The request failed, and one for pages would too.</exception>
    public async Task<PodListing?> TryReadAsync(PodQuery query, int maxPods, ListSlots.Slot slot, CancellationToken cancellationToken)
    {
        if (!_isOffered)
            return null;
        using var pause = new CancellationTokenSource(MaxPause, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            using var request = query.StreamList(Limit);
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            slot.Answered();
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, $"list {query.Target}", linked.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                return await ReadAsync(body, maxPods, pause, linked.Token).ConfigureAwait(false);
        }
        catch (ApiServerException exception) when (exception.Status is >= 400 and < 500 and not (401 or 429))
        {
            // 403: the right to watch may be missing where the one to list is there; it may be given later.
            _isOffered = exception.Status is 403 or 408 or 410;
            return null;
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _isOffered = false;
            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException || ConnectionFailure.IsOne(exception))
        {
            // Pages have limits and messages of their own for what is wrong here.
            return null;
        }
    }

    private async Task<PodListing?> ReadAsync(Stream body, int maxPods, CancellationTokenSource pause, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(WindowBytes);
        var decoder = new PodWatchDecoder(source, endsWithInitialEvents: true);
        var pages = new List<PodBatch> { new() { ReceivedAt = time.GetTimestamp() } };
        var refused = new List<string>();
        var begun = time.GetTimestamp();
        while (await window.FillAsync(body, cancellationToken).ConfigureAwait(false) > 0)
        {
            var seen = decoder.Events;
            if (pages[^1].Count >= RowsPerBatch)
                pages.Add(new() { ReceivedAt = time.GetTimestamp() });
            window.Consume(decoder.Decode(window.Unread, pages[^1], refused));
            if (decoder.Error is not null || refused.Count > 0 || ((pages.Count - 1) * RowsPerBatch) + pages[^1].Count > maxPods)
                return null;
            if (decoder.InitialEventsEnded)
                return HasDeletion(pages) ? null : new PodListing(pages, decoder.ResourceVersion!);
            if (decoder.Events > seen && time.GetElapsedTime(begun) < Limit)
                pause.CancelAfter(MaxPause);
        }

        return null;
    }

    // Deletions come after the initial events only; where one stands among them, it is no list.
    private static bool HasDeletion(List<PodBatch> pages) =>
        pages.Exists(page => Enumerable.Range(0, page.Count).Any(row => page[row].Change == PodChange.Delete));
}
