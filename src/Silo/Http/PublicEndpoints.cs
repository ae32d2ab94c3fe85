using KubePolicySemaphore.Silo.Hosting;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace KubePolicySemaphore.Silo.Http;

/// <summary><c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c>.</summary>
internal sealed class PublicEndpoints(Readiness readiness, CollectorRegistry registry)
{
    public Endpoints Create() => new Dictionary<string, RequestDelegate>
    {
        ["/healthz"] = context => WriteAsync(context, readiness.IsAlive ? [] : ["the supervisor makes no progress"]),
        ["/readyz"] = context => WriteAsync(context, readiness.Failing()),
        ["/metrics"] = MetricsAsync,
    }.ToEndpoints();

    private static Task WriteAsync(HttpContext context, IReadOnlyList<string> failing)
    {
        context.Response.StatusCode = failing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(failing.Count == 0 ? "ok\n" : string.Join('\n', failing) + "\n", context.RequestAborted);
    }

    private Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusConstants.TextContentTypeWithVersionAndEncoding;
        return registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
    }
}
