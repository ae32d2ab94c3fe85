using System.Text.Json;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>One page of a GlobalNetworkSetList.</summary>
/// <param name="ResourceVersion">Where a watch goes on from.</param>
/// <param name="Continue">Token of the next page; null on the last one.</param>
internal sealed record NetworkSetPage(string ResourceVersion, string? Continue)
{
    /// <summary>Reads a page and adds its objects to <paramref name="objects"/>.</summary>
    /// <exception cref="JsonException">The body is no such list, or holds an object without name, uid or resourceVersion.</exception>
    public static NetworkSetPage Read(ReadOnlySpan<byte> body, TextPool texts, List<NetworkSetObject> objects)
    {
        string? resourceVersion = null, token = null;
        var hasItems = false;
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The answer is no list.");
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, ref resourceVersion, ref token);
            else if (reader.ValueTextEquals("items"u8))
                hasItems |= ReadItems(ref reader, texts, objects);
            else
                JsonWalk.SkipValue(ref reader);
        }

        // A Status or a page of something else must not pass for an empty list: everything would be taken for gone.
        if (!hasItems || string.IsNullOrEmpty(resourceVersion))
            throw new JsonException("The answer is no list.");
        return new NetworkSetPage(resourceVersion, string.IsNullOrEmpty(token) ? null : token);
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ref string? resourceVersion, ref string? token)
    {
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
                resourceVersion = JsonWalk.ReadText(ref reader);
            else if (reader.ValueTextEquals("continue"u8))
                token = JsonWalk.ReadText(ref reader);
            else
                JsonWalk.SkipValue(ref reader);
        }
    }

    private static bool ReadItems(ref Utf8JsonReader reader, TextPool texts, List<NetworkSetObject> objects)
    {
        // null is how Go writes a list without entries.
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartArray))
            return reader.TokenType == JsonTokenType.Null;
        while (JsonWalk.Next(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("An item of the list is no object.");
            var fields = new NetworkSetFields();
            NetworkSetDecoder.Read(ref reader, texts, ref fields);
            objects.Add(fields.ToObject() ?? throw new JsonException("An item of the list has no name, uid or resourceVersion."));
        }

        return true;
    }
}
