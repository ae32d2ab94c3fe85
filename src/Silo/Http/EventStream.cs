using System.Text.Json;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>
/// Happenings as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): what the watchers
/// still know first, then what comes, until the client goes or the silo stops.
/// </summary>
internal sealed class EventStream(GridReader grid, IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    // Each asks every watcher once a second.
    private const int MaxStreams = 16;

    private int _streams;

    public async Task WriteAsync(HttpContext context)
    {
        try
        {
            if (Interlocked.Increment(ref _streams) > MaxStreams)
            {
                await ApiJson.WriteErrorAsync(context, StatusCodes.Status503ServiceUnavailable, $"more than {MaxStreams} event streams").ConfigureAwait(false);
                return;
            }

            using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
            await StreamAsync(context.Response, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The stream ends with the silo; the client comes back elsewhere.
        }
        finally
        {
            Interlocked.Decrement(ref _streams);
        }
    }

    private async Task StreamAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        var seen = new SeenEvents();
        var written = time.GetTimestamp();
        await response.WriteAsync(": events of kube-policy-semaphore\n\n", cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (events, _) = await grid.AskAsync(null, (watcher, ct) => watcher.GetEventsAsync(seen.AskAfter(watcher.GetPrimaryKeyString()), ct), cancellationToken)
                .ConfigureAwait(false);
            var fresh = AdminEndpoints.InOrder(events.Where(seen.IsNew)).ToList();
            foreach (var happened in fresh)
                await response.WriteAsync(Format(happened), cancellationToken).ConfigureAwait(false);
            var heartbeat = fresh.Count == 0 && time.GetElapsedTime(written) >= HeartbeatPeriod;
            if (heartbeat)
                await response.WriteAsync(": alive\n\n", cancellationToken).ConfigureAwait(false);
            if (fresh.Count > 0 || heartbeat)
                written = time.GetTimestamp();
            await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(PollPeriod, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // JSON is one line, so one data line holds it.
    private static string Format(ClusterEvent happened) =>
        $"event: {happened.Kind}\ndata: {JsonSerializer.Serialize(happened, ApiJson.Options)}\n\n";
}
