using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>The lines of a watch.</summary>
internal static class WatchEvents
{
    private static ReadOnlySpan<byte> InitialEventsEnd => "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n"u8;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, StoredObject shown, ReadOnlySpan<byte> typeMeta, long resourceVersion)
    {
        output.Write("{\"type\":\""u8);
        output.Write(type);
        output.Write("\",\"object\":"u8);
        shown.WriteTo(output, typeMeta, resourceVersion);
        output.Write("}\n"u8);
    }

    public static void WriteBookmark(IBufferWriter<byte> output, ReadOnlySpan<byte> typeMeta, long resourceVersion, bool endsInitialEvents)
    {
        output.Write("{\"type\":\"BOOKMARK\",\"object\":{"u8);
        output.Write(typeMeta);
        output.Write("\"metadata\":{\"resourceVersion\":\""u8);
        var digits = output.GetSpan(20);
        Utf8Formatter.TryFormat(resourceVersion, digits, out var written);
        output.Advance(written);
        output.Write(endsInitialEvents ? InitialEventsEnd : "\"}}}\n"u8);
    }

    public static byte[] Error(ApiError error) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = "ERROR", ["object"] = error.ToStatus() }), (byte)'\n'];

    /// <summary>What a change looks like to a watch with this selector; null when it does not concern it.</summary>
    public static byte[]? TypeFor(StoreEvent change, ObjectSelector selector, out StoredObject shown)
    {
        var (matched, matches) = (change.Before is { } before && selector.Matches(before), change.After is { } after && selector.Matches(after));
        // An object that leaves the selection is shown as it was when it still matched, with the new version.
        shown = (matches ? change.After : change.Before)!;
        return (matched, matches) switch
        {
            (false, true) => Added,
            (true, true) => Modified,
            (true, false) => Deleted,
            _ => null,
        };
    }

    public static readonly byte[] Added = "ADDED"u8.ToArray();
    private static readonly byte[] Modified = "MODIFIED"u8.ToArray();
    private static readonly byte[] Deleted = "DELETED"u8.ToArray();
}
