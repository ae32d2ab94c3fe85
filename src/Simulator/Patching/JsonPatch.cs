using System.Globalization;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>JSON Patch (RFC 6902).</summary>
internal static class JsonPatch
{
    /// <exception cref="ApiError">422 when an operation cannot be carried out or a test fails.</exception>
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        JsonNode? document = target;
        foreach (var operation in operations)
        {
            if (operation is not JsonObject members)
                throw ApiError.PatchFailed();
            document = Apply(document, members);
        }

        return document as JsonObject ?? throw ApiError.PatchFailed();
    }

    private static JsonNode? Apply(JsonNode? document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch ((string?)operation["op"])
        {
            case "test":
                return JsonNode.DeepEquals(Get(document, path), operation["value"]) ? document : throw ApiError.PatchFailed();
            case "add":
                return Add(document, path, operation["value"]?.DeepClone());
            case "replace":
                Get(document, path);
                return path.Length == 0 ? operation["value"]?.DeepClone() : Replace(document, path, operation["value"]?.DeepClone());
            case "remove":
                Remove(document, path);
                return document;
            case "copy":
                return Add(document, path, Get(document, Pointer(operation, "from"))?.DeepClone());
            case "move":
                var from = Pointer(operation, "from");
                var moved = Get(document, from)?.DeepClone();
                Remove(document, from);
                return Add(document, path, moved);
            default:
                throw ApiError.PatchFailed();
        }
    }

    private static string[] Pointer(JsonObject operation, string member)
    {
        if ((string?)operation[member] is not { } text || (text.Length > 0 && text[0] != '/'))
            throw ApiError.PatchFailed();
        return [.. text.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static JsonNode? Get(JsonNode? document, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            document = document switch
            {
                JsonObject members when members.TryGetPropertyValue(part, out var member) => member,
                JsonArray items when Index(part, items.Count) is { } index => items[index],
                _ => throw ApiError.PatchFailed(),
            };
        }

        return document;
    }

    private static JsonNode? Add(JsonNode? document, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
            return value;
        switch (Get(document, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject members:
                members[path[^1]] = value;
                break;
            case JsonArray items when path[^1] == "-":
                items.Add(value);
                break;
            case JsonArray items when Index(path[^1], items.Count + 1) is { } index:
                items.Insert(index, value);
                break;
            default:
                throw ApiError.PatchFailed();
        }

        return document;
    }

    private static JsonNode? Replace(JsonNode? document, string[] path, JsonNode? value)
    {
        if (Get(document, path.AsSpan(0, path.Length - 1)) is JsonArray items)
            items[Index(path[^1], items.Count)!.Value] = value;
        else
            Add(document, path, value);
        return document;
    }

    private static void Remove(JsonNode? document, string[] path)
    {
        var parent = path.Length == 0 ? null : Get(document, path.AsSpan(0, path.Length - 1));
        var removed = parent switch
        {
            JsonObject members => members.Remove(path[^1]),
            JsonArray items when Index(path[^1], items.Count) is { } index => RemoveAt(items, index),
            _ => false,
        };
        if (!removed)
            throw ApiError.PatchFailed();
    }

    private static bool RemoveAt(JsonArray items, int index)
    {
        items.RemoveAt(index);
        return true;
    }

    private static int? Index(string part, int count) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count ? index : null;
}
