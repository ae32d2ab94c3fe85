using System.Buffers;
using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>
/// One version of an object: its JSON as it goes over the wire, and only the fields that lists and watches select by.
/// </summary>
/// <remarks>
/// <see cref="Body"/> lacks the opening brace, <c>kind</c>, <c>apiVersion</c> and the digits of the resourceVersion, so
/// that the same bytes serve every API version and a DELETED event can carry the version of the deletion.
/// </remarks>
internal sealed class StoredObject
{
    public required string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Orders objects as the real store does: by the bytes of <c>namespace/name</c>.</summary>
    public required string Key { get; init; }

    public required string Uid { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required KeyValuePair<string, string>[] Labels { get; init; }

    public required byte[] Body { get; init; }

    public required int VersionOffset { get; init; }

    /// <summary>Set once, when the store accepts the object.</summary>
    public long ResourceVersion { get; set; }

    public static string KeyOf(string? ns, string name) => ns is null ? name : $"{ns}/{name}";

    public bool HasSameContent(StoredObject other) => Body.AsSpan().SequenceEqual(other.Body);

    /// <param name="typeMeta">The kind and apiVersion members with a trailing comma, or nothing.</param>
    /// <param name="resourceVersion">The version to show; differs from the object's own in a DELETED event.</param>
    public void WriteTo(IBufferWriter<byte> output, ReadOnlySpan<byte> typeMeta, long resourceVersion)
    {
        const int maxDigits = 20;
        var span = output.GetSpan(1 + typeMeta.Length + Body.Length + maxDigits);
        span[0] = (byte)'{';
        var at = 1;
        typeMeta.CopyTo(span[at..]);
        at += typeMeta.Length;
        Body.AsSpan(0, VersionOffset).CopyTo(span[at..]);
        at += VersionOffset;
        Utf8Formatter.TryFormat(resourceVersion, span[at..], out var digits);
        at += digits;
        Body.AsSpan(VersionOffset).CopyTo(span[at..]);
        output.Advance(at + Body.Length - VersionOffset);
    }

    public JsonObject ToJson(ReadOnlySpan<byte> typeMeta)
    {
        var buffer = new ArrayBufferWriter<byte>(Body.Length + 128);
        WriteTo(buffer, typeMeta, ResourceVersion);
        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }
}
