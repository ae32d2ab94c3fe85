using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Reads the JSON of a request.</summary>
internal static class RequestBody
{
    // Kubernetes' own parser refuses deeper documents too, with a larger bound.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Null for an empty body.</summary>
    /// <exception cref="ApiError">400 when it is no JSON.</exception>
    public static async Task<JsonNode?> ReadAsync(Exchange exchange)
    {
        using var buffer = new MemoryStream();
        await exchange.Context.Request.Body.CopyToAsync(buffer, exchange.CancellationToken).ConfigureAwait(false);
        try
        {
            return buffer.Length == 0 ? null : JsonNode.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), documentOptions: Options);
        }
        catch (JsonException exception)
        {
            throw ApiError.BadRequest($"the object provided is unrecognized: json parse error: {exception.Message}");
        }
    }

    /// <inheritdoc cref="ReadAsync" />
    public static async Task<JsonObject?> ReadObjectAsync(Exchange exchange) => await ReadAsync(exchange).ConfigureAwait(false) switch
    {
        null => null,
        JsonObject members => members,
        _ => throw ApiError.BadRequest("the object provided is unrecognized: json: cannot unmarshal into an object"),
    };
}
