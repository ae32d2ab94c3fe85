using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Clustering.Kubernetes.Api;
using Orleans;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>The object as JSON. The schema is in <c>crd.yaml</c>, but may be another one in a given cluster: nothing is relied on.</summary>
internal static class TableJson
{
    // What `kubectl get` shows in a line; the rest is counted.
    private const int MaxNames = 20;

    public static ClusterTable Read(JsonElement json)
    {
        var metadata = Child(json, "metadata");
        var status = Child(json, "status");
        var table = new ClusterTable
        {
            Uid = Text(metadata, "uid"),
            ResourceVersion = Text(metadata, "resourceVersion"),
            ClusterId = Text(Child(json, "spec"), "clusterId"),
            StoredVersion = Child(status, "version") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var version) && version >= 0
                ? version
                : null,
        };
        if (Child(status, "members") is not { ValueKind: JsonValueKind.Object } members)
            return table;
        var entries = table.Members.ToBuilder();
        var faults = table.Faults.ToBuilder();
        foreach (var member in members.EnumerateObject())
        {
            if (EntryJson.Read(member.Name, member.Value, out var fault) is { } entry)
                entries[member.Name] = entry;
            else
                faults[member.Name] = fault!;
        }
        return table with { Members = entries.ToImmutable(), Faults = faults.ToImmutable() };
    }

    public static JsonObject Write(string name, string clusterId, ClusterTable table) => new()
    {
        ["apiVersion"] = $"{OrleansClusterApi.Group}/{OrleansClusterApi.Version}",
        ["kind"] = OrleansClusterApi.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = Spec(clusterId),
        ["status"] = Status(table),
    };

    public static JsonObject Spec(string clusterId) => new() { ["clusterId"] = clusterId };

    public static JsonObject Status(ClusterTable table)
    {
        var status = Summary(table);
        status["members"] = new JsonObject(table.Members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)EntryJson.Write(member.Value))));
        return status;
    }

    /// <summary>Version, counts and names: all of the status but the members.</summary>
    public static JsonObject Summary(ClusterTable table)
    {
        var active = table.Active.ToList();
        return new JsonObject
        {
            ["version"] = table.Version,
            ["silos"] = table.Members.Count,
            ["active"] = active.Count,
            ["alive"] = Names(active),
        };
    }

    private static string Names(List<MembershipEntry> active)
    {
        if (active.Count == 0)
            return "-";
        var names = active.Select(entry => string.IsNullOrEmpty(entry.SiloName) ? SiloKey.Of(entry.SiloAddress) : entry.SiloName)
            .Order(StringComparer.Ordinal).Take(MaxNames);
        var text = string.Join(',', names);
        return active.Count > MaxNames ? $"{text},+{active.Count - MaxNames}" : text;
    }

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    private static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
