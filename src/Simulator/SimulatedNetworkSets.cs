using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>The GlobalNetworkSets of a server, read and changed directly, as somebody with kubectl would.</summary>
public sealed class SimulatedNetworkSets
{
    private readonly ObjectTable _table;
    private readonly TimeProvider _time;

    internal SimulatedNetworkSets(ObjectTable table, TimeProvider time)
    {
        _table = table;
        _time = time;
    }

    /// <summary>Objects stored.</summary>
    public int Count => _table.Current.Objects.Count;

    /// <summary>All objects, sorted by name, as of one moment.</summary>
    public IReadOnlyList<SimulatedNetworkSet> All => [.. _table.Current.Objects.Select(Decode)];

    /// <summary>The object with this name, or null.</summary>
    public SimulatedNetworkSet? Find(string name) => _table.Find(null, name) is { } found ? Decode(found) : null;

    /// <summary>Nets of the object with this name; none when it does not exist.</summary>
    public IReadOnlyList<string> Nets(string name) => Find(name)?.Nets ?? [];

    /// <summary>Creates an object, or replaces nets, labels and annotations of the one there is.</summary>
    /// <returns>Its resourceVersion.</returns>
    public long Set(SimulatedNetworkSet set)
    {
        while (true)
        {
            var before = _table.Find(null, set.Name);
            var content = before?.ToJson([]) ?? New(set.Name);
            var metadata = content["metadata"]!.AsObject();
            SetMap(metadata, "labels", set.Labels);
            SetMap(metadata, "annotations", set.Annotations);
            content["spec"] = new JsonObject { ["nets"] = new JsonArray([.. set.Nets.Select(net => JsonValue.Create(net))]) };
            var after = ObjectEncoder.Encode(content);
            if (before is not null && after.HasSameContent(before))
                return before.ResourceVersion;
            metadata["generation"] = ((long?)metadata["generation"] ?? 0) + 1;
            after = ObjectEncoder.Encode(content);
            if (_table.TryCommit(before, after))
                return after.ResourceVersion;
        }
    }

    /// <summary>Removes an object whatever its finalizers; false when it is not there.</summary>
    public bool Delete(string name)
    {
        while (_table.Find(null, name) is { } before)
        {
            if (_table.TryCommit(before, null))
                return true;
        }

        return false;
    }

    /// <summary>Completes when the stored objects meet a condition; it is looked at after every change.</summary>
    public async Task WaitUntilAsync(Func<SimulatedNetworkSets, bool> condition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = _table.NextChange();
            if (condition(this))
                return;
            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private JsonObject New(string name) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["uid"] = Guid.NewGuid().ToString(),
            ["creationTimestamp"] = ObjectEncoder.Format(_time.GetUtcNow()),
        },
    };

    private static void SetMap(JsonObject metadata, string member, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
            metadata.Remove(member);
        else
            metadata[member] = new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));
    }

    private static SimulatedNetworkSet Decode(StoredObject stored)
    {
        var content = stored.ToJson([]);
        return new SimulatedNetworkSet(stored.Name, [.. (content["spec"]?["nets"] as JsonArray ?? []).Select(net => (string?)net ?? "")])
        {
            Labels = stored.Labels.ToDictionary(),
            Annotations = (content["metadata"]!["annotations"] as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => (string?)entry.Value ?? ""),
            Uid = stored.Uid,
            ResourceVersion = stored.ResourceVersion,
        };
    }
}
