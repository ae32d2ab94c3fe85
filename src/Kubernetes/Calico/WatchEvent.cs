using System.Text.Json;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>One line of a watch.</summary>
internal readonly record struct WatchEvent
{
    public WatchEventType Type { get; private init; }

    /// <summary>The object of an addition, a change or a deletion.</summary>
    public NetworkSetObject? Object { get; private init; }

    /// <summary>How far the stream has come; null in an error.</summary>
    public string? ResourceVersion { get; private init; }

    /// <summary>HTTP status of an error, 0 where it tells none.</summary>
    public int Code { get; private init; }

    /// <summary>Reads a line; <see cref="WatchEventType.Unknown"/> when it cannot be understood.</summary>
    /// <remarks>A line that breaks off behind name, uid and resourceVersion is still the sign of an object, though not of its nets.</remarks>
    public static WatchEvent Read(ReadOnlySpan<byte> line, TextPool texts)
    {
        var type = WatchEventType.Unknown;
        var fields = new NetworkSetFields();
        var code = 0;
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return default;
            while (JsonWalk.NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("type"u8))
                    type = ReadType(ref reader);
                else if (!reader.ValueTextEquals("object"u8))
                    JsonWalk.SkipValue(ref reader);
                else if (type == WatchEventType.Error)
                    code = ReadCode(ref reader);
                else if (JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
                    NetworkSetDecoder.Read(ref reader, texts, ref fields);
            }
        }
        catch (JsonException)
        {
            fields.NetsExact = false;
        }

        return Create(type, fields, code);
    }

    private static WatchEvent Create(WatchEventType type, in NetworkSetFields fields, int code) => type switch
    {
        WatchEventType.Error => new() { Type = type, Code = code },
        WatchEventType.Bookmark when fields.ResourceVersion is { } version => new() { Type = type, ResourceVersion = version },
        WatchEventType.Upsert or WatchEventType.Delete when fields.ToObject() is { } seen =>
            new() { Type = type, Object = seen, ResourceVersion = seen.ResourceVersion },
        _ => default,
    };

    private static WatchEventType ReadType(ref Utf8JsonReader reader) =>
        !JsonWalk.TryReadText(ref reader) ? WatchEventType.Unknown
        : reader.ValueTextEquals("ADDED"u8) || reader.ValueTextEquals("MODIFIED"u8) ? WatchEventType.Upsert
        : reader.ValueTextEquals("DELETED"u8) ? WatchEventType.Delete
        : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
        : reader.ValueTextEquals("ERROR"u8) ? WatchEventType.Error
        : WatchEventType.Unknown;

    private static int ReadCode(ref Utf8JsonReader reader)
    {
        var code = 0;
        if (!JsonWalk.TryEnter(ref reader, JsonTokenType.StartObject))
            return code;
        while (JsonWalk.NextProperty(ref reader))
        {
            var isCode = reader.ValueTextEquals("code"u8);
            JsonWalk.Next(ref reader);
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value))
                code = value;
            JsonWalk.SkipChildren(ref reader);
        }

        return code;
    }
}
