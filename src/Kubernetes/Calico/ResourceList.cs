using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads an APIResourceList.</summary>
internal static class ResourceList
{
    /// <summary>True when the list names that resource; false, too, when the body is no such list.</summary>
    public static bool Names(ReadOnlySpan<byte> body, string plural)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                // {"resources":[{"name":…}]}
                if (reader.CurrentDepth != 3 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("name"u8))
                    continue;
                if (reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(plural))
                    return true;
            }
        }
        catch (JsonException)
        {
            // Not an API server's answer.
        }

        return false;
    }
}
