using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads <c>spec.nets</c> without a string for each.</summary>
internal static class NetsDecoder
{
    public static void Read(ref Utf8JsonReader reader, ref NetworkSetFields fields)
    {
        fields.NetsExact = false;
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartArray))
        {
            // null is how Go writes a list without entries.
            fields.NetsExact = reader.TokenType == JsonTokenType.Null;
            return;
        }

        var nets = new List<PodAddress>();
        var exact = true;
        var before = ReadOnlySpan<byte>.Empty;
        while (JsonWalk.Next(ref reader) && reader.TokenType != JsonTokenType.EndArray)
        {
            // What we write needs no escapes; the reader is over one piece of memory, so the span lasts.
            if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !NetText.TryParse(reader.ValueSpan, out var address))
            {
                exact = false;
                JsonWalk.SkipChildren(ref reader);
                continue;
            }

            // The order of ASCII text is that of its bytes; equal ones are not in order.
            exact &= before.SequenceCompareTo(reader.ValueSpan) < 0;
            before = reader.ValueSpan;
            nets.Add(address);
        }

        fields.Nets = [.. CollectionsMarshal.AsSpan(nets)];
        fields.NetsExact = exact;
    }
}
