using System.Text.Json.Nodes;
using Orleans;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>
/// JSON Patches (RFC 6902) of the object. The API server applies one as a whole or not at all, and applies it anew when
/// another write came in between: so a heartbeat makes no change fail, and of two changes of one version one does.
/// </summary>
internal static class TablePatch
{
    private const string Members = "/status/members";

    /// <summary>Adds an entry.</summary>
    /// <param name="read">The table that the change builds upon.</param>
    /// <param name="entry">The entry; there is none of this silo.</param>
    public static JsonArray Insert(ClusterTable read, MembershipEntry entry)
    {
        var patch = Change(read, read.With(entry));
        // What cannot be read under this key is replaced by this.
        patch.Add(Add(PathOf(SiloKey.Of(entry.SiloAddress)), EntryJson.Write(entry)));
        return patch;
    }

    /// <summary>Changes an entry, field by field, so that a heartbeat that came in between is kept.</summary>
    /// <inheritdoc cref="Insert"/>
    public static JsonArray Update(ClusterTable read, MembershipEntry entry)
    {
        var patch = Change(read, read.With(entry));
        var key = SiloKey.Of(entry.SiloAddress);
        foreach (var (field, value) in EntryJson.Write(entry))
        {
            if (field != EntryJson.IAmAlive || entry.IAmAliveTime > read.Members[key].IAmAliveTime)
                patch.Add(Add($"{PathOf(key)}/{field}", value?.DeepClone()));
        }
        return patch;
    }

    /// <summary>Removes entries.</summary>
    public static JsonArray Remove(ClusterTable read, IReadOnlyCollection<string> keys)
    {
        var patch = Change(read, read with { Members = read.Members.RemoveRange(keys) });
        foreach (var key in keys)
            patch.Add(Remove(PathOf(key)));
        return patch;
    }

    /// <summary>A heartbeat. Fails where there is no such entry.</summary>
    public static JsonArray Alive(MembershipEntry entry) =>
        [Operation("replace", $"{PathOf(SiloKey.Of(entry.SiloAddress))}/{EntryJson.IAmAlive}", EntryJson.Time(entry.IAmAliveTime))];

    /// <summary>Writes the whole table over an object that has been meddled with, whatever it looks like.</summary>
    public static JsonArray Replace(ClusterTable read, ClusterTable wanted, string clusterId) =>
    [
        Test("/metadata/resourceVersion", read.ResourceVersion),
        Add("/spec", TableJson.Spec(clusterId)),
        Add("/status", TableJson.Status(wanted)),
    ];

    private static JsonArray Change(ClusterTable read, ClusterTable wanted)
    {
        var patch = new JsonArray { Test("/metadata/uid", read.Uid), Test("/status/version", read.Version) };
        foreach (var (field, value) in TableJson.Summary(wanted with { StoredVersion = read.Version + 1 }))
            patch.Add(Add($"/status/{field}", value?.DeepClone()));
        if (read.Members.IsEmpty && read.Faults.IsEmpty)
            patch.Add(Add(Members, new JsonObject()));
        foreach (var key in wanted.Faults.Keys)
            patch.Add(Remove(PathOf(key)));
        return patch;
    }

    private static string PathOf(string key) =>
        $"{Members}/{key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    private static JsonObject Test(string path, JsonNode? value) => Operation("test", path, value);

    private static JsonObject Add(string path, JsonNode? value) => Operation("add", path, value);

    private static JsonObject Remove(string path) => new() { ["op"] = "remove", ["path"] = path };

    private static JsonObject Operation(string operation, string path, JsonNode? value) =>
        new() { ["op"] = operation, ["path"] = path, ["value"] = value };
}
