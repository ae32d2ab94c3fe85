using System.Text.Json;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>
/// Reads GlobalNetworkSets out of UTF-8 JSON, only what decisions need. A field of an unexpected type counts as absent:
/// the object is there all the same, and must not be taken for gone.
/// </summary>
internal static class NetworkSetDecoder
{
    /// <summary>Reads the object that the reader stands at the start of, and leaves it at the object's end.</summary>
    /// <exception cref="JsonException">The text is no JSON; <paramref name="fields"/> holds what came before.</exception>
    public static void Read(ref Utf8JsonReader reader, TextPool texts, ref NetworkSetFields fields)
    {
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("kind"u8))
                fields.IsNetworkSet = JsonWalk.TryReadText(ref reader) && reader.ValueTextEquals(CalicoApi.Kind);
            else if (reader.ValueTextEquals("metadata"u8))
                ReadMetadata(ref reader, texts, ref fields);
            else if (reader.ValueTextEquals("spec"u8))
                ReadSpec(ref reader, ref fields);
            else
                JsonWalk.SkipValue(ref reader);
        }
    }

    /// <summary>The GlobalNetworkSet that is the whole body; null when the body is anything else.</summary>
    public static NetworkSetObject? ReadBody(ReadOnlySpan<byte> body, TextPool texts)
    {
        var reader = new Utf8JsonReader(body);
        var fields = new NetworkSetFields();
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            Read(ref reader, texts, ref fields);
        }
        catch (JsonException)
        {
            return null;
        }

        return fields.IsNetworkSet ? fields.ToObject() : null;
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, TextPool texts, ref NetworkSetFields fields)
    {
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
                fields.Name = JsonWalk.ReadText(ref reader);
            else if (reader.ValueTextEquals("uid"u8))
                fields.Uid = JsonWalk.ReadText(ref reader);
            else if (reader.ValueTextEquals("resourceVersion"u8))
                fields.ResourceVersion = JsonWalk.ReadText(ref reader);
            else if (reader.ValueTextEquals("deletionTimestamp"u8))
                fields.Deleting = JsonWalk.TryReadText(ref reader);
            else if (reader.ValueTextEquals("labels"u8))
                ReadLabels(ref reader, texts, ref fields);
            else if (reader.ValueTextEquals("annotations"u8))
                ReadAnnotations(ref reader, texts, ref fields);
            else
                JsonWalk.SkipValue(ref reader);
        }
    }

    private static void ReadLabels(ref Utf8JsonReader reader, TextPool texts, ref NetworkSetFields fields)
    {
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(NamingConvention.ManagedByLabel))
                fields.ManagedBy = texts.Read(ref reader);
            else if (reader.ValueTextEquals(NamingConvention.ShardLabel))
                fields.ShardLabel = texts.Read(ref reader);
            else if (SetLabelAt(ref reader) is >= 0 and var label)
                fields.SetLabels.Set(label, texts.Read(ref reader));
            else
                JsonWalk.SkipValue(ref reader);
        }
    }

    private static int SetLabelAt(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < SetLabelValues.Keys.Length; i++)
        {
            if (reader.ValueTextEquals(SetLabelValues.Keys[i]))
                return i;
        }

        return -1;
    }

    private static void ReadAnnotations(ref Utf8JsonReader reader, TextPool texts, ref NetworkSetFields fields)
    {
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return;
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals(NamingConvention.OwnerAnnotation))
                fields.Owner = texts.Read(ref reader);
            else if (reader.ValueTextEquals(RemovalMarks.OnRemovalAnnotation))
                fields.OnRemoval = texts.Read(ref reader);
            else if (reader.ValueTextEquals(RemovalMarks.RemovalStartedAnnotation))
                fields.RemovalStarted = texts.Read(ref reader);
            else
                JsonWalk.SkipValue(ref reader);
        }
    }

    private static void ReadSpec(ref Utf8JsonReader reader, ref NetworkSetFields fields)
    {
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return;
        // No nets at all is what an empty object of ours reads as where the server drops empty lists.
        fields.NetsExact = true;
        while (JsonWalk.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("nets"u8))
                NetsDecoder.Read(ref reader, ref fields);
            else
                JsonWalk.SkipValue(ref reader);
        }
    }
}
