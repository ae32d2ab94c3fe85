using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Simulator;

/// <summary>Finds what a request asks for and has it done.</summary>
internal sealed class ApiDispatcher(SimulatorOptions options, ResourceCatalog catalog, WatchSessions watches, FaultInjector faults)
{
    private readonly Discovery _discovery = new(catalog);

    /// <exception cref="ApiError">Whatever is wrong with the request.</exception>
    public Task DispatchAsync(Exchange exchange, PipeWriter body)
    {
        var path = exchange.Context.Request.Path.Value ?? "/";
        if (path is "/healthz" or "/readyz" or "/livez")
            return WriteTextAsync(exchange, body, "ok");
        CheckAccept(exchange.Context.Request);
        if (path == "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
            return ReviewAsync(exchange, body);
        if (exchange.Request.Method == "GET" && _discovery.Find(path) is { } document)
            return WriteJsonAsync(exchange, body, 200, document);

        if (exchange.Target is not { } target || catalog.Find(target) is not { } resource)
            throw ApiError.NoSuchResource();
        if (target.Subresource is not (null or "status") || (target.Subresource == "status" && !resource.Type.IsPods))
            throw ApiError.NoSuchResource();
        if (target.Namespace is not null && !resource.Type.Namespaced)
            throw ApiError.NoSuchResource();
        if (IsDenied(new AccessReview(exchange.Request.Verb, target.Group, target.Resource, target.Namespace)))
            throw ApiError.Forbidden(target, exchange.Request.Verb);
        return exchange.Request.Verb switch
        {
            "get" => GetAsync(exchange, body, resource, target),
            "list" or "watch" => ReadAsync(exchange, body, resource, target),
            "create" or "update" or "patch" or "delete" => WriteAsync(exchange, body, resource, target),
            _ => throw ApiError.MethodNotAllowed(),
        };
    }

    private Task ReadAsync(Exchange exchange, PipeWriter body, ServedResource resource, ApiTarget target)
    {
        var list = ListOptions.Parse(exchange.Context.Request.Query, options.StreamingLists);
        var selector = new ObjectSelector(target.Namespace, list.Labels, list.Fields);
        if (list.Watch)
            return WatchAsync(exchange, body, resource, selector, list);
        var page = ListReader.Read(resource.Table, selector, list);
        exchange.Context.Response.ContentType = "application/json";
        return ListWriter.WriteAsync(body, resource, page, exchange.CancellationToken);
    }

    private async Task WatchAsync(Exchange exchange, PipeWriter body, ServedResource resource, ObjectSelector selector, ListOptions list)
    {
        var version = list.Version;
        long? start = null;
        ApiError? expired = null;
        if (version > 0 && !list.SendInitialEvents)
        {
            start = resource.Table.OpenAt(version, out var oldest);
            if (start is null)
                expired = ApiError.Expired($"too old resource version: {version} ({oldest})");
        }

        if (expired is not null && options.ExpiredWatchIsHttpError)
            throw expired;
        exchange.Context.Response.ContentType = "application/json";
        await exchange.Context.Response.StartAsync(exchange.CancellationToken).ConfigureAwait(false);
        await exchange.Context.Response.Body.FlushAsync(exchange.CancellationToken).ConfigureAwait(false);
        if (expired is not null)
        {
            await body.WriteAsync(WatchEvents.Error(expired), exchange.CancellationToken).ConfigureAwait(false);
            return;
        }

        var session = new WatchSession(exchange.Request, exchange.Context.Abort);
        watches.Add(session);
        try
        {
            var stream = new WatchStream(resource, selector, list, session, faults, options);
            await stream.RunAsync(body, start, exchange.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            watches.Remove(session);
        }
    }

    private static async Task GetAsync(Exchange exchange, PipeWriter body, ServedResource resource, ApiTarget target)
    {
        var wanted = exchange.Context.Request.Query["resourceVersion"].ToString();
        var current = resource.Table.Current;
        if (long.TryParse(wanted, out var version) && version > current.ResourceVersion)
            throw ApiError.VersionTooLarge(version, current.ResourceVersion);
        var found = current.Find(StoredObject.KeyOf(target.Namespace, target.Name!)) ?? throw ApiError.NotFound(target);
        await WriteObjectAsync(exchange, body, 200, resource, found).ConfigureAwait(false);
    }

    private async Task WriteAsync(Exchange exchange, PipeWriter body, ServedResource resource, ApiTarget target)
    {
        if (resource.Type.Namespaced && target.Namespace is null)
            throw ApiError.MethodNotAllowed();
        var result = await new WriteRequest(exchange, resource, target, options.TimeProvider.GetUtcNow()).RunAsync().ConfigureAwait(false);
        if (result.Object is { } written)
            await WriteObjectAsync(exchange, body, result.StatusCode, resource, written).ConfigureAwait(false);
        else
            await WriteJsonAsync(exchange, body, result.StatusCode, result.Status!).ConfigureAwait(false);
    }

    private async Task ReviewAsync(Exchange exchange, PipeWriter body)
    {
        if (exchange.Request.Method != "POST")
            throw ApiError.MethodNotAllowed();
        var review = await RequestBody.ReadObjectAsync(exchange).ConfigureAwait(false) ?? throw ApiError.BadRequest("the body is empty");
        var attributes = review["spec"]?["resourceAttributes"];
        var ns = (string?)attributes?["namespace"];
        var denied = attributes is not null && IsDenied(new AccessReview(
            (string?)attributes["verb"] ?? "",
            (string?)attributes["group"] ?? "",
            (string?)attributes["resource"] ?? "",
            string.IsNullOrEmpty(ns) ? null : ns));
        review["kind"] = "SelfSubjectAccessReview";
        review["apiVersion"] = "authorization.k8s.io/v1";
        review["status"] = new JsonObject { ["allowed"] = !denied };
        await WriteJsonAsync(exchange, body, 201, review).ConfigureAwait(false);
    }

    private bool IsDenied(AccessReview review) => options.IsDenied?.Invoke(review) == true;

    private static void CheckAccept(HttpRequest request)
    {
        var accepted = request.Headers.Accept.ToString();
        var answersJson = accepted.Length == 0 || accepted.Split(',').Select(type => type.Split(';')[0].Trim()).Any(type => type is "application/json" or "*/*" or "application/*");
        if (!answersJson)
            throw ApiError.NotAcceptable();
    }

    private static async Task WriteTextAsync(Exchange exchange, PipeWriter body, string text)
    {
        exchange.Context.Response.ContentType = "text/plain; charset=utf-8";
        await body.WriteAsync(Encoding.UTF8.GetBytes(text), exchange.CancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteJsonAsync(Exchange exchange, PipeWriter body, int statusCode, JsonObject document)
    {
        exchange.Context.Response.StatusCode = statusCode;
        exchange.Context.Response.ContentType = "application/json";
        await body.WriteAsync(Encoding.UTF8.GetBytes(document.ToJsonString()), exchange.CancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteObjectAsync(Exchange exchange, PipeWriter body, int statusCode, ServedResource resource, StoredObject written)
    {
        exchange.Context.Response.StatusCode = statusCode;
        exchange.Context.Response.ContentType = "application/json";
        written.WriteTo(body, resource.TypeMeta, written.ResourceVersion);
        body.Write("\n"u8);
        await body.FlushAsync(exchange.CancellationToken).ConfigureAwait(false);
    }
}
