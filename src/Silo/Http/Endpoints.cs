using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>The paths of one listener: read only, and nothing but these.</summary>
internal sealed class Endpoints(IEnumerable<KeyValuePair<string, RequestDelegate>> paths)
{
    private readonly FrozenDictionary<string, RequestDelegate> _paths = paths.ToFrozenDictionary(StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (!_paths.TryGetValue(context.Request.Path.Value ?? "", out var handler))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            headers.Allow = "GET, HEAD";
        }
        else
        {
            await RunAsync(context, handler).ConfigureAwait(false);
        }
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate handler)
    {
        try
        {
            await handler(context).ConfigureAwait(false);
        }
        catch (BadQueryException exception)
        {
            await ApiJson.WriteErrorAsync(context, StatusCodes.Status400BadRequest, exception.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
    }
}
