using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>What an object must look like, and what the server makes of one before it stores it.</summary>
internal static class ObjectRules
{
    private static readonly string[] OptionalMaps = ["labels", "annotations"];
    private static readonly string[] OptionalLists = ["finalizers", "ownerReferences", "managedFields"];

    /// <summary>Drops what the schema does not know and checks what it does.</summary>
    /// <exception cref="ApiError">400 or 422.</exception>
    public static void NormalizeAndCheck(JsonObject content, WriteContext context)
    {
        if (content["metadata"] is not JsonObject metadata)
            content["metadata"] = metadata = [];
        metadata.Remove("selfLink");
        if (!context.Resource.Type.Namespaced)
            metadata.Remove("namespace");
        foreach (var map in OptionalMaps)
            CheckStringMap(metadata, map);
        foreach (var list in OptionalLists.Where(list => metadata[list] is null or JsonArray { Count: 0 }))
            metadata.Remove(list);
        CheckLabels(metadata, context);
        if (context.Resource.Type.IsPods)
            CheckPod(content, context);
        else if (context.Resource.Type == ResourceType.GlobalNetworkSets)
            CheckNetworkSet(content, context);
    }

    public static void CheckName(string name, WriteContext context)
    {
        if (name.Length == 0)
            throw context.Invalid("metadata.name", "Required value: name or generateName is required", "FieldValueRequired");
        if (!Names.IsSubdomain(name))
        {
            throw ApiError.Invalid(
                context.Target.Group,
                context.Resource.Type.Kind,
                name,
                "metadata.name",
                $"Invalid value: \"{name}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
                    + "and must start and end with an alphanumeric character, and be no more than 253 characters");
        }
    }

    private static void CheckStringMap(JsonObject metadata, string member)
    {
        if (metadata[member] is JsonObject { Count: > 0 } map)
        {
            if (map.Any(entry => entry.Value is not null && entry.Value.GetValueKind() != System.Text.Json.JsonValueKind.String))
                throw ApiError.BadRequest($"json: cannot unmarshal value of metadata.{member} into Go value of type string");
        }
        else
        {
            metadata.Remove(member);
        }
    }

    private static void CheckLabels(JsonObject metadata, WriteContext context)
    {
        foreach (var (key, value) in metadata["labels"] as JsonObject ?? [])
        {
            if (!Names.IsQualifiedName(key))
                throw context.Invalid("metadata.labels", $"Invalid value: \"{key}\": name part must consist of alphanumeric characters, '-', '_' or '.'");
            if (!Names.IsLabelValue((string?)value ?? ""))
                throw context.Invalid("metadata.labels", $"Invalid value: \"{value}\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'");
        }

        foreach (var (key, _) in metadata["annotations"] as JsonObject ?? [])
        {
            if (!Names.IsQualifiedName(key.ToLowerInvariant()))
                throw context.Invalid("metadata.annotations", $"Invalid value: \"{key}\": name part must consist of alphanumeric characters, '-', '_' or '.'");
        }
    }

    private static void CheckPod(JsonObject content, WriteContext context)
    {
        if (content["spec"]?["containers"] is not JsonArray { Count: > 0 })
            throw context.Invalid("spec.containers", "Required value", "FieldValueRequired");
    }

    private static void CheckNetworkSet(JsonObject content, WriteContext context)
    {
        foreach (var unknown in content.Select(member => member.Key).Except(["apiVersion", "kind", "metadata", "spec"]).ToArray())
            content.Remove(unknown);
        // The native CRD of the v3 group is stricter: spec is required, and nets is a set.
        var isStrict = context.Target.Group == ResourceCatalog.V3Group;
        if (!content.TryGetPropertyValue("spec", out var node))
        {
            if (isStrict)
                throw context.Invalid("spec", "Required value", "FieldValueRequired");
            return;
        }

        if (node is not JsonObject spec)
            throw context.Invalid("spec", "Invalid value: spec in body must be of type object");
        foreach (var unknown in spec.Select(member => member.Key).Except(["nets"]).ToArray())
            spec.Remove(unknown);
        if (!spec.TryGetPropertyValue("nets", out var nets))
            return;
        if (nets is not JsonArray items)
            throw context.Invalid("spec.nets", "Invalid value: spec.nets in body must be of type array");
        if (items.Any(item => item?.GetValueKind() != System.Text.Json.JsonValueKind.String))
            throw context.Invalid("spec.nets", "Invalid value: spec.nets in body must be of type string");
        if (isStrict && items.GroupBy(item => (string)item!).FirstOrDefault(same => same.Count() > 1) is { } duplicate)
            throw context.Invalid("spec.nets", $"Duplicate value: \"{duplicate.Key}\"", "FieldValueDuplicate");
    }
}
