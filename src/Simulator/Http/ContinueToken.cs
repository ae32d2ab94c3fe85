using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>
/// Where the next page of a list starts, and in which snapshot; the fields are those of the real server, to which
/// <paramref name="Page"/> is added so that faults can tell pages apart.
/// </summary>
/// <param name="ResourceVersion">-1: go on in the newest snapshot, whatever changed between the pages.</param>
/// <param name="Start">First key that may be on the page, without the namespace prefix of the list.</param>
/// <param name="Page">Number of the page, from 2.</param>
internal sealed record ContinueToken(long ResourceVersion, string Start, int Page)
{
    private const string Format = "meta.k8s.io/v1";

    public string Encode()
    {
        var token = new JsonObject { ["v"] = Format, ["rv"] = ResourceVersion, ["start"] = Start, ["page"] = Page };
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(token));
    }

    /// <exception cref="ApiError">400 when the text is no token.</exception>
    public static ContinueToken Decode(string text)
    {
        try
        {
            var token = JsonNode.Parse(Base64Url.DecodeFromChars(text))!;
            if ((string?)token["v"] != Format)
                throw Invalid($"server does not recognize this encoded version {token["v"]}");
            return new ContinueToken((long)token["rv"]!, (string)token["start"]!, (int?)token["page"] ?? 2);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentNullException or NullReferenceException)
        {
            throw Invalid(exception.Message);
        }
    }

    private static ApiError Invalid(string why) => ApiError.BadRequest($"invalid continue token: continue key is not valid: {why}");
}
