using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>One watch request from its answer to its end.</summary>
internal sealed class PodWatchStream(ApiServerConnection connection, SetNameSource source, TimeProvider time)
{
    /// <summary>With neither an event nor a bookmark, of which one comes every minute, the connection is dead.</summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(120);

    private const int WindowBytes = 16 * 1024;

    // The server answers a watch at once, before there is any event.
    private static readonly TimeSpan MaxWaitForAnswer = TimeSpan.FromSeconds(30);

    private readonly PodBatch _batch = new();
    private readonly List<string> _refused = [];

    /// <summary>Reads until the stream ends, whatever the reason.</summary>
    /// <param name="query">Which pods.</param>
    /// <param name="from">The version to go on from.</param>
    /// <param name="limit">After so long the server ends the watch.</param>
    /// <param name="onEvents">Takes the pods, the texts of what was left out, and the version they lead to.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WatchEnd> ReadAsync(
        PodQuery query, string from, TimeSpan limit, Func<PodBatch, IReadOnlyList<string>, string?, ValueTask> onEvents, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(MaxWaitForAnswer, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        var what = $"watch {query.Target}";
        try
        {
            using var request = query.Watch(from, limit);
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, what, linked.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                return await ReadAsync(body, onEvents, silence, linked.Token).ConfigureAwait(false);
        }
        catch (ApiServerException exception)
        {
            return WatchEnd.From(exception);
        }
        catch (InvalidDataException exception)
        {
            return new(WatchRestartReason.Malformed, new ApiServerException(ClusterFailureReason.BadAnswer, $"{what}: {exception.Message}"));
        }
        catch (Exception exception) when (ConnectionFailure.IsOne(exception))
        {
            return new(WatchRestartReason.Broken, new ApiServerException(ClusterFailureReason.Unreachable, $"{what}: the connection broke"));
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(WatchRestartReason.Silent, new ApiServerException(ClusterFailureReason.Timeout, $"{what}: nothing comes, not even a bookmark"));
        }
    }

    private async Task<WatchEnd> ReadAsync(
        Stream body, Func<PodBatch, IReadOnlyList<string>, string?, ValueTask> onEvents, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        using var window = new ByteWindow(WindowBytes);
        var decoder = new PodWatchDecoder(source);
        silence.CancelAfter(MaxSilence);
        while (await window.FillAsync(body, cancellationToken).ConfigureAwait(false) > 0)
        {
            var seen = decoder.Events;
            _batch.Clear();
            _refused.Clear();
            _batch.ReceivedAt = time.GetTimestamp();
            window.Consume(decoder.Decode(window.Unread, _batch, _refused));
            if (decoder.Events > seen || _refused.Count > 0)
                await onEvents(_batch, _refused, decoder.ResourceVersion).ConfigureAwait(false);
            // Only what is a sign of the server's life counts: half a line that never ends is none.
            if (decoder.Events > seen)
                silence.CancelAfter(MaxSilence);
            if (decoder.Error is { } error)
                return EndOf(error);
        }

        // What is left of a line that was cut is dropped with the window: it never was an event.
        return WatchEnd.Closed;
    }

    private static WatchEnd EndOf((int Code, string Message) error)
    {
        var status = (System.Net.HttpStatusCode)error.Code;
        var reason = error.Code == 410 ? WatchRestartReason.Expired : error.Code == 429 ? WatchRestartReason.Busy : WatchRestartReason.Refused;
        return new(reason, new ApiServerException(
            ApiServerAnswer.ReasonOf(status), $"watch pods: ERROR event {error.Code}: {RemoteText.Escape(error.Message)}", status: error.Code));
    }
}
