using System.Text.Json;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads the Status that answers a deletion that is done.</summary>
internal static class DeletionAnswer
{
    /// <summary>True for a Status with <c>status: Success</c>.</summary>
    public static bool IsSuccess(ReadOnlySpan<byte> body)
    {
        var isStatus = false;
        var success = false;
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (JsonWalk.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("kind"u8))
                    isStatus = JsonWalk.TryReadText(ref reader) && reader.ValueTextEquals("Status"u8);
                else if (reader.ValueTextEquals("status"u8))
                    success = JsonWalk.TryReadText(ref reader) && reader.ValueTextEquals("Success"u8);
                else
                    JsonWalk.SkipValue(ref reader);
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return isStatus && success;
    }
}
