using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Simulator;

/// <summary>Takes a request from its arrival to its answer: faults, authentication, then the API.</summary>
internal sealed class RequestHandler(
    SimulatorOptions options, RequestLog log, FaultInjector faults, TokenList tokens, ApiDispatcher dispatcher, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context)
    {
        var target = ApiTarget.Parse(context.Request.Path.Value ?? "/");
        var request = Describe(context.Request, target, options.TimeProvider.GetUtcNow());
        log.Add(request);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            await HandleAsync(new Exchange(context, request, target, cancellation.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The client has gone, or the server stops.
        }
        catch (ResponseCutException)
        {
        }
        catch (ConnectionResetException)
        {
        }
        finally
        {
            request.StatusCode = context.Response.StatusCode;
            options.OnRequest?.Invoke(request);
        }
    }

    private async Task HandleAsync(Exchange exchange)
    {
        var (context, request, _, cancellationToken) = exchange;
        var plan = faults.PlanFor(request);
        if (plan.Delay > TimeSpan.Zero)
            await Task.Delay(plan.Delay, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (request.Verb != "watch")
            await faults.WaitWhileStalledAsync(request, cancellationToken).ConfigureAwait(false);
        if (plan.DropsAnswer)
        {
            await DispatchAsync(exchange, PipeWriter.Create(Stream.Null)).ConfigureAwait(false);
            context.Abort();
            return;
        }

        if (plan.Cut is { CutAfterBytes: 0, CutCleanly: false })
        {
            context.Abort();
            return;
        }

        var isWhole = plan.Cut is null && plan.Pieces is null;
        var body = isWhole
            ? context.Response.BodyWriter
            : PipeWriter.Create(new FaultyBody(context.Response.Body, plan, options.TimeProvider, context.Abort));
        if (plan.Answer is { } answer)
            await WriteAsync(context.Response, body, answer, cancellationToken).ConfigureAwait(false);
        else
            await DispatchAsync(exchange, body).ConfigureAwait(false);
        if (!isWhole)
            await body.CompleteAsync().ConfigureAwait(false);
    }

    private async Task DispatchAsync(Exchange exchange, PipeWriter body)
    {
        try
        {
            if (!tokens.Accepts(exchange.Context.Request.Headers.Authorization))
                throw ApiError.Unauthorized();
            await dispatcher.DispatchAsync(exchange, body).ConfigureAwait(false);
        }
        catch (ApiError error)
        {
            exchange.Context.Response.StatusCode = error.Code;
            await WriteStatusAsync(exchange.Context.Response, body, error.ToStatus(), exchange.CancellationToken).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            exchange.Context.Response.StatusCode = exception.StatusCode;
            var error = new ApiError(exception.StatusCode, "RequestEntityTooLarge", "limit is 3145728");
            await WriteStatusAsync(exchange.Context.Response, body, error.ToStatus(), exchange.CancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpResponse response, PipeWriter body, FaultAnswer answer, CancellationToken cancellationToken)
    {
        response.StatusCode = answer.StatusCode;
        if (answer.RetryAfter is { } wait)
            response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        response.ContentType = answer.ContentType;
        var status = new ApiError(answer.StatusCode, ReasonOf(answer.StatusCode), "simulated fault").ToStatus();
        await body.WriteAsync(answer.Body ?? JsonSerializer.SerializeToUtf8Bytes(status), cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteStatusAsync(HttpResponse response, PipeWriter body, JsonObject status, CancellationToken cancellationToken)
    {
        response.ContentType = "application/json";
        await body.WriteAsync(Encoding.UTF8.GetBytes(status.ToJsonString()), cancellationToken).ConfigureAwait(false);
    }

    private static string? ReasonOf(int statusCode) => statusCode switch
    {
        400 => "BadRequest",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "NotFound",
        409 => "Conflict",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        500 => "InternalError",
        503 => "ServiceUnavailable",
        504 => "Timeout",
        _ => null,
    };

    private static SimulatedRequest Describe(HttpRequest request, ApiTarget? target, DateTimeOffset now)
    {
        var verb = target is null ? "" : Verb(request, target);
        return new SimulatedRequest
        {
            Verb = verb,
            Resource = target?.Resource ?? "",
            Group = target?.Group ?? "",
            Version = target?.Version ?? "",
            Namespace = target?.Namespace,
            Name = target?.Name,
            Subresource = target?.Subresource,
            Method = request.Method,
            Path = request.Path.Value ?? "",
            Query = request.QueryString.Value ?? "",
            Page = verb == "list" ? PageOf(request.Query["continue"].ToString()) : 0,
            ContentType = request.ContentType,
            Time = now,
        };
    }

    private static string Verb(HttpRequest request, ApiTarget target) => request.Method switch
    {
        "GET" when target.Name is not null => "get",
        "GET" => request.Query["watch"].ToString() is "" or "0" or "false" ? "list" : "watch",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => target.Name is null ? "deletecollection" : "delete",
        _ => request.Method.ToLowerInvariant(),
    };

    private static int PageOf(string token)
    {
        try
        {
            return token.Length == 0 ? 1 : ContinueToken.Decode(token).Page;
        }
        catch (ApiError)
        {
            return 0;
        }
    }
}
