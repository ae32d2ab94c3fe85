using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>
/// The fields one manager owns, as <c>managedFields</c> writes them (FieldsV1). Lists are atomic: they are one field.
/// </summary>
internal sealed class FieldSet
{
    private const char Separator = '\0';

    // Set by the server, owned by nobody.
    private static readonly HashSet<string> Unowned =
    [
        "f:apiVersion", "f:kind", "f:metadata",
        .. new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds" }
            .Select(field => $"f:metadata{Separator}f:{field}"),
    ];

    public HashSet<string> Paths { get; } = new(StringComparer.Ordinal);

    /// <summary>The scalar and list fields of an object, and its empty maps.</summary>
    public static FieldSet Leaves(JsonObject content) => Collect(content, withContainers: false);

    /// <summary>What an update changed or added, and what it removed.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonObject? before, JsonObject after)
    {
        var (old, now) = (Collect(before ?? [], withContainers: true), Collect(after, withContainers: true));
        var changed = new FieldSet();
        changed.Paths.UnionWith(now.Paths.Where(path =>
            !old.Paths.Contains(path) || (IsLeaf(after, path) && !JsonNode.DeepEquals(ValueAt(before!, path), ValueAt(after, path)))));
        var removed = new FieldSet();
        removed.Paths.UnionWith(old.Paths.Except(now.Paths));
        return (changed, removed);
    }

    public static FieldSet FromJson(JsonObject fields)
    {
        var set = new FieldSet();
        Read(fields, "");
        return set;

        void Read(JsonObject node, string prefix)
        {
            if (node.Count == 0 && prefix.Length > 0)
                set.Paths.Add(prefix);
            foreach (var (key, child) in node)
            {
                if (key == ".")
                    set.Paths.Add(prefix);
                else
                    Read(child!.AsObject(), prefix.Length == 0 ? key : prefix + Separator + key);
            }
        }
    }

    public JsonObject ToJson()
    {
        var root = new JsonObject();
        foreach (var path in Paths.Order(StringComparer.Ordinal))
        {
            var node = root;
            foreach (var part in path.Split(Separator))
            {
                if (node[part] is not JsonObject child)
                    node[part] = child = [];
                node = child;
            }

            if (Paths.Any(other => other.StartsWith(path + Separator, StringComparison.Ordinal)))
                node["."] = new JsonObject();
        }

        return root;
    }

    /// <summary>The dotted form in which conflicts name a field.</summary>
    public static string Display(string path) =>
        string.Concat(path.Split(Separator).Select(part => part.StartsWith("f:", StringComparison.Ordinal) ? "." + part[2..] : part));

    public static JsonNode? ValueAt(JsonObject content, string path)
    {
        JsonNode? node = content;
        foreach (var part in path.Split(Separator))
            node = (node as JsonObject)?[part[2..]];
        return node;
    }

    /// <summary>Takes a field out of an object, and the maps that get empty by that.</summary>
    public static void RemoveAt(JsonObject content, string path)
    {
        var parts = path.Split(Separator);
        var parents = new List<JsonObject> { content };
        foreach (var part in parts.SkipLast(1))
        {
            if (parents[^1][part[2..]] is not JsonObject child)
                return;
            parents.Add(child);
        }

        for (var depth = parts.Length - 1; depth >= 0; depth--)
        {
            parents[depth].Remove(parts[depth][2..]);
            if (parents[depth].Count > 0)
                return;
        }
    }

    private static bool IsLeaf(JsonObject content, string path) => ValueAt(content, path) is not JsonObject { Count: > 0 };

    private static FieldSet Collect(JsonObject content, bool withContainers)
    {
        var set = new FieldSet();
        Visit(content, "");
        return set;

        void Visit(JsonObject node, string prefix)
        {
            foreach (var (key, value) in node)
            {
                var path = prefix.Length == 0 ? $"f:{key}" : $"{prefix}{Separator}f:{key}";
                var isMap = value is JsonObject { Count: > 0 };
                if ((withContainers || !isMap) && !Unowned.Contains(path))
                    set.Paths.Add(path);
                if (isMap)
                    Visit(value!.AsObject(), path);
            }
        }
    }
}
