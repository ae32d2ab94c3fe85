using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>
/// What an exec plugin answered
/// (https://kubernetes.io/docs/reference/config-api/client-authentication.v1#ExecCredentialStatus).
/// </summary>
internal sealed record ExecCredential(string? Token, string? ClientCertificate, string? ClientKey, DateTimeOffset? Expires)
{
    /// <summary>Reads the plugin's output; null when it is no usable ExecCredential.</summary>
    public static ExecCredential? Parse(ReadOnlyMemory<byte> output)
    {
        try
        {
            using var document = JsonDocument.Parse(output);
            if (!document.RootElement.TryGetProperty("status", out var status) || Text(document.RootElement, "kind") != "ExecCredential")
                return null;
            var expires = Text(status, "expirationTimestamp") is { } text && DateTimeOffset.TryParse(text, null, out var time) ? time : (DateTimeOffset?)null;
            var credential = new ExecCredential(Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"), expires);
            return credential.IsUsable ? credential : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool IsUsable => Token is null ? ClientCertificate is not null && ClientKey is not null : BearerToken.FaultOf(Token) is null;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    // It holds secrets.
    public override string ToString() => nameof(ExecCredential);
}
