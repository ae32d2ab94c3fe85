using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>The JSON Schema of the configuration file, made from the tables that the reader uses.</summary>
internal static class ConfigurationSchema
{
    public static JsonObject Create()
    {
        var schema = Mapping(GridFields.All, "Configuration of kube-policy-semaphore.");
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["title"] = "kube-policy-semaphore";
        schema["required"] = new JsonArray(GridFields.Clusters);

        var properties = schema["properties"]!.AsObject();
        properties[GridFields.Local] = Mapping(LocalFields.All, "How the local cluster is reached.");
        properties[GridFields.Defaults] = WithAlternatives(
            Mapping([.. ClusterFields.All.Where(field => field.Name != ClusterFields.Name)], "What holds for every cluster entry that does not say otherwise."));
        var entry = WithAlternatives(Mapping(ClusterFields.All, "A remote cluster."));
        entry["required"] = new JsonArray(ClusterFields.Name);
        properties[GridFields.Clusters] = new JsonObject { ["type"] = "array", ["description"] = "The remote clusters; [] for none.", ["items"] = entry };
        return schema;
    }

    private static JsonObject Mapping<T>(IReadOnlyList<ConfigurationField<T>> fields, string description) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, field.Schema.DeepClone()))),
    };

    private static JsonObject WithAlternatives(JsonObject mapping)
    {
        var pairs = ClusterFields.Alternatives.SelectMany(group =>
            group.SelectMany((left, index) => group.Skip(index + 1).Select(right => (left, right))));
        mapping["not"] = new JsonObject
        {
            ["anyOf"] = new JsonArray([.. pairs.Select(pair => new JsonObject { ["required"] = new JsonArray(pair.left, pair.right) })]),
        };
        return mapping;
    }
}
