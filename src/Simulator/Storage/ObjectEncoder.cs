using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>
/// Makes stored bytes of an object. Keys are sorted, so that two objects of equal content have equal bytes: this is how
/// a write that changes nothing is recognised.
/// </summary>
internal static class ObjectEncoder
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static StoredObject Encode(JsonObject content)
    {
        var metadata = content["metadata"]!.AsObject();
        var ns = (string?)metadata["namespace"];
        var name = (string)metadata["name"]!;
        var uid = (string)metadata["uid"]!;
        return Encode(ns, name, uid, Parse((string)metadata["creationTimestamp"]!), LabelsOf(metadata), writer =>
        {
            foreach (var (key, value) in Sorted(metadata))
            {
                if (key is not ("name" or "namespace" or "uid" or "resourceVersion"))
                    WriteMember(writer, key, value);
            }

            writer.WriteEndObject();
            foreach (var (key, value) in Sorted(content))
            {
                if (key is not ("kind" or "apiVersion" or "metadata"))
                    WriteMember(writer, key, value);
            }
        });
    }

    /// <param name="writeRest">Writes the rest of metadata, its end, and the other members of the object.</param>
    public static StoredObject Encode(
        string? ns, string name, string uid, DateTimeOffset created, KeyValuePair<string, string>[] labels, Action<Utf8JsonWriter> writeRest)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("name"u8, name);
        if (ns is not null)
            writer.WriteString("namespace"u8, ns);
        writer.WriteString("uid"u8, uid);
        writer.WriteString("resourceVersion"u8, ""u8);
        writer.Flush();
        var closingQuote = buffer.WrittenCount - 1;
        writeRest(writer);
        writer.WriteEndObject();
        writer.Flush();
        return new StoredObject
        {
            Namespace = ns,
            Name = name,
            Key = StoredObject.KeyOf(ns, name),
            Uid = uid,
            Created = created,
            Labels = labels,
            Body = buffer.WrittenSpan[1..].ToArray(),
            VersionOffset = closingQuote - 1,
        };
    }

    public static string Format(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Members other than metadata and the type, as canonical text: what <c>generation</c> counts changes of.</summary>
    public static byte[] EncodeContent(JsonObject content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer, Options);
        writer.WriteStartObject();
        foreach (var (key, value) in Sorted(content))
        {
            if (key is not ("kind" or "apiVersion" or "metadata"))
                WriteMember(writer, key, value);
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static DateTimeOffset Parse(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static KeyValuePair<string, string>[] LabelsOf(JsonObject metadata) =>
        metadata["labels"] is JsonObject labels ? [.. labels.Select(label => KeyValuePair.Create(label.Key, (string)label.Value!))] : [];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Sorted(JsonObject value) =>
        value.OrderBy(member => member.Key, StringComparer.Ordinal);

    private static void WriteMember(Utf8JsonWriter writer, string key, JsonNode? value)
    {
        writer.WritePropertyName(key);
        Write(writer, value);
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (key, member) in Sorted(members))
                    WriteMember(writer, key, member);
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
