using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Interfaces.Status;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Silo.Http;

/// <summary><c>/api/v1/…</c> and the status page.</summary>
internal sealed class AdminEndpoints(GridReader grid, EventStream events)
{
    // More would be megabytes that nobody reads; the watchers keep a few hundred each.
    private const int MaxEvents = 500;

    public Endpoints Create() => new Dictionary<string, RequestDelegate>
    {
        ["/"] = StatusPage.WriteAsync,
        ["/api/v1/clusters"] = context => ApiJson.WriteAsync(context, grid.Clusters()),
        ["/api/v1/sets"] = SetsAsync,
        ["/api/v1/explain"] = ExplainAsync,
        ["/api/v1/events"] = EventsAsync,
    }.ToEndpoints();

    private async Task SetsAsync(HttpContext context)
    {
        var cluster = Query.Name(context, "cluster", text => KubernetesName.IsLabel(text));
        var podNamespace = Query.Name(context, "namespace", text => KubernetesName.IsLabel(text));
        var name = Query.Name(context, "name", text => KubernetesName.IsLabelValue(text));
        var (sets, unanswered) = await grid.AskAsync(cluster, (watcher, ct) => watcher.GetSetsAsync(podNamespace, name, ct), context.RequestAborted)
            .ConfigureAwait(false);
        await ApiJson.WriteAsync(context, new SetsAnswer(
            [.. sets.OrderBy(set => set.Cluster, StringComparer.Ordinal).ThenBy(set => set.Namespace, StringComparer.Ordinal)
                .ThenBy(set => set.Name, StringComparer.Ordinal)],
            unanswered)).ConfigureAwait(false);
    }

    private async Task ExplainAsync(HttpContext context)
    {
        var (matches, unanswered) = (Query.Text(context, "ip"), Query.Text(context, "pod")) switch
        {
            ({ } ip, null) when Query.Address(ip) is var address =>
                await grid.AskAsync(null, (watcher, ct) => watcher.ExplainAddressAsync(address, ct), context.RequestAborted).ConfigureAwait(false),
            (null, { } text) when Query.Pod(text) is var pod =>
                await grid.AskAsync(null, (watcher, ct) => watcher.ExplainPodAsync(pod.Namespace, pod.Name, ct), context.RequestAborted).ConfigureAwait(false),
            _ => throw new BadQueryException("give either ip or pod"),
        };
        var query = Query.Text(context, "ip") ?? Query.Text(context, "pod")!;
        await ApiJson.WriteAsync(context, new ExplainAnswer(query, matches.Any(match => match.Set is not null), matches, unanswered)).ConfigureAwait(false);
    }

    private async Task EventsAsync(HttpContext context)
    {
        if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            await events.WriteAsync(context).ConfigureAwait(false);
            return;
        }

        var (all, _) = await grid.AskAsync(null, (watcher, ct) => watcher.GetEventsAsync(0, ct), context.RequestAborted).ConfigureAwait(false);
        await ApiJson.WriteAsync(context, new EventsAnswer([.. InOrder(all).TakeLast(MaxEvents)])).ConfigureAwait(false);
    }

    /// <summary>By time, and by sequence within a cluster.</summary>
    internal static IEnumerable<ClusterEvent> InOrder(IEnumerable<ClusterEvent> events) =>
        events.OrderBy(happened => happened.Time).ThenBy(happened => happened.Cluster, StringComparer.Ordinal).ThenBy(happened => happened.Sequence);
}
