using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads an APIResourceList, which tells what an API server serves of a group and version.</summary>
public static class ResourceList
{
    /// <summary>True when the list names that resource; false, too, when the body is no such list.</summary>
    /// <param name="body">The answer, UTF-8.</param>
    /// <param name="plural">The resource's plural, in lower case.</param>
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
