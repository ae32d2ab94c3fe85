using System.Text.Json;

namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>What a Kubernetes Status says (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status).</summary>
/// <param name="Message">Its message, cut and without control characters; null when the answer is no Status.</param>
/// <param name="Name">The name of the object it is about.</param>
internal sealed record StatusAnswer(string? Message, string? Name)
{
    private const int MaxMessage = 500;

    public static StatusAnswer Parse(byte[] body, string? secret)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "kind") != "Status")
                return new StatusAnswer(null, null);
            var name = root.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object ? Text(details, "name") : null;
            return new StatusAnswer(Clean(Text(root, "message"), secret), name);
        }
        catch (JsonException)
        {
            // "404 page not found" and the pages of proxies.
            return new StatusAnswer(null, null);
        }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // An answer may echo the request, token included.
    private static string? Clean(string? message, string? secret)
    {
        if (message is null)
            return null;
        if (!string.IsNullOrEmpty(secret))
            message = message.Replace(secret, "(secret)", StringComparison.Ordinal);
        var text = string.Concat(message.Select(character => char.IsControl(character) ? ' ' : character));
        return text.Length <= MaxMessage ? text : text[..MaxMessage] + "…";
    }
}
