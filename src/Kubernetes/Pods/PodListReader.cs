using System.Globalization;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Reads complete lists, as a stream where the server offers it, else page by page, decoding as the bytes come.</summary>
internal sealed class PodListReader(ApiServerConnection connection, SetNameSource source, TimeProvider time, ListSlots slots)
{
    private const int WindowBytes = 128 * 1024;
    private const int MaxRestarts = 3;
    private const long MaxPageBytes = 1L << 30;

    // A server that pages for ever must not fill our memory. Kubernetes is built for 150,000 pods a cluster.
    private const int MaxPods = 500_000;

    private readonly PodListStream _stream = new(connection, source, time);

    /// <summary>All pods of one snapshot, never of two.</summary>
    /// <param name="query">Which pods.</param>
    /// <param name="onContact">Called after each page.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ApiServerException">There is no complete list.</exception>
    public async Task<PodListing> ReadAsync(PodQuery query, Action onContact, CancellationToken cancellationToken)
    {
        using var slot = await slots.TakeAsync(cancellationToken).ConfigureAwait(false);
        if (await _stream.TryReadAsync(query, MaxPods, slot, cancellationToken).ConfigureAwait(false) is { } streamed)
        {
            onContact();
            return streamed;
        }

        for (var restarts = 0; ; restarts++)
        {
            try
            {
                return await ReadPagesAsync(query, slot, onContact, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiServerException exception) when (exception.Status == 410 && restarts < MaxRestarts)
            {
                // The snapshot has been compacted away between two pages. The token that the server may offer instead
                // goes on with another snapshot: a pod could be in both or in neither. So from the beginning.
            }
        }
    }

    private async Task<PodListing> ReadPagesAsync(PodQuery query, ListSlots.Slot slot, Action onContact, CancellationToken cancellationToken)
    {
        var pages = new List<PodBatch>();
        var refused = new List<string>();
        string? next = null;
        string? version = null;
        var pods = 0;
        do
        {
            var (page, decoder) = await ReadPageAsync(query, next, slot, cancellationToken).ConfigureAwait(false);
            onContact();
            pages.Add(page);
            refused.AddRange(decoder.Refused);
            pods += page.Count;
            if (pods > MaxPods)
                throw Bad(query, string.Create(CultureInfo.InvariantCulture, $"more than {MaxPods} pods"));
            if (version is not null && version != decoder.ResourceVersion)
                throw Bad(query, "the pages are of different snapshots");
            if (decoder.Continue is not null && decoder.Continue == next)
                throw Bad(query, "a page continues with itself");
            version = decoder.ResourceVersion;
            next = decoder.Continue;
        }
        while (next is not null);
        return new PodListing(pages, version!) { Refused = refused };
    }

    private async Task<(PodBatch Page, PodListDecoder Decoder)> ReadPageAsync(
        PodQuery query, string? next, ListSlots.Slot slot, CancellationToken cancellationToken)
    {
        using var deadline = new ReadDeadline(time, cancellationToken);
        var page = new PodBatch { ReceivedAt = time.GetTimestamp() };
        var decoder = new PodListDecoder(source, page);
        try
        {
            using var request = query.List(next);
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token).ConfigureAwait(false);
            slot.Answered();
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, $"list {query.Target}", deadline.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(deadline.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                await DecodeAsync(body, decoder, deadline).ConfigureAwait(false);
            return (page, decoder);
        }
        catch (InvalidDataException exception)
        {
            throw Bad(query, exception.Message);
        }
        catch (Exception exception) when (ConnectionFailure.IsOne(exception))
        {
            throw new ApiServerException(ClusterFailureReason.Unreachable, $"list {query.Target}: the connection broke within the answer");
        }
        catch (OperationCanceledException) when (deadline.IsOver && !cancellationToken.IsCancellationRequested)
        {
            throw new ApiServerException(ClusterFailureReason.Timeout, $"list {query.Target}: the answer does not come, or comes too slowly");
        }
    }

    private static async Task DecodeAsync(Stream body, PodListDecoder decoder, ReadDeadline deadline)
    {
        using var window = new ByteWindow(WindowBytes);
        long total = 0;
        while (await window.FillAsync(body, deadline.Token).ConfigureAwait(false) is var count and > 0)
        {
            deadline.Progress(count);
            total += count;
            if (total > MaxPageBytes)
                throw new InvalidDataException("a page is larger than 1 GiB");
            window.Consume(decoder.Decode(window.Unread));
        }

        decoder.Finish();
    }

    private static ApiServerException Bad(PodQuery query, string what) =>
        new(ClusterFailureReason.BadAnswer, $"list {query.Target}: {what}");
}
