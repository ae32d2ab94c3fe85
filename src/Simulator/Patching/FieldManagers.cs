using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Who owns which field of an object: reads, changes and writes <c>metadata.managedFields</c>.</summary>
internal sealed class FieldManagers
{
    private readonly List<FieldManagerEntry> _entries = [];

    public static FieldManagers Of(JsonObject? content)
    {
        var managers = new FieldManagers();
        foreach (var entry in content?["metadata"]?["managedFields"] as JsonArray ?? [])
            managers._entries.Add(FieldManagerEntry.FromJson(entry!.AsObject()));
        return managers;
    }

    /// <summary>Records an update that is not an apply: the manager owns from now on what it changed, alone.</summary>
    public void RecordUpdate(JsonObject? before, JsonObject after, FieldManagerEntry manager)
    {
        var (changed, removed) = FieldSet.Compare(before, after);
        foreach (var entry in _entries)
        {
            entry.Fields.Paths.ExceptWith(changed.Paths);
            entry.Fields.Paths.ExceptWith(removed.Paths);
        }

        if (changed.Paths.Count > 0)
            FindOrAdd(manager).Fields.Paths.UnionWith(changed.Paths);
        _entries.RemoveAll(entry => entry.Fields.Paths.Count == 0);
    }

    /// <summary>Merges what a manager applies into an object and takes out what it applied before and now leaves out.</summary>
    /// <exception cref="ApiError">409 when another manager owns a field with another value and <paramref name="force"/> is off.</exception>
    public JsonObject Apply(JsonObject current, JsonObject applied, FieldManagerEntry manager, bool force)
    {
        var wanted = FieldSet.Leaves(applied);
        var others = _entries.Where(entry => !entry.IsSameManager(manager)).ToList();
        var changed = wanted.Paths.Where(path => !JsonNode.DeepEquals(FieldSet.ValueAt(current, path), FieldSet.ValueAt(applied, path))).ToHashSet();
        var conflicts = others.SelectMany(entry => entry.Fields.Paths.Where(changed.Contains).Order(StringComparer.Ordinal)
            .Select(path => (entry.ConflictName(manager), FieldSet.Display(path)))).ToList();
        if (conflicts.Count > 0 && !force)
            throw ApiError.ApplyConflict(conflicts);

        foreach (var entry in others)
            entry.Fields.Paths.ExceptWith(changed);
        var mine = FindOrAdd(manager);
        foreach (var dropped in mine.Fields.Paths.Except(wanted.Paths).Where(path => !others.Any(entry => entry.Fields.Paths.Contains(path))))
            FieldSet.RemoveAt(current, dropped);
        mine.Fields.Paths.Clear();
        mine.Fields.Paths.UnionWith(wanted.Paths);
        _entries.RemoveAll(entry => entry.Fields.Paths.Count == 0);
        return MergePatch.Apply(current, applied);
    }

    public JsonArray ToJson() => [.. _entries
        .OrderBy(entry => entry.Operation, StringComparer.Ordinal)
        .ThenBy(entry => entry.Manager, StringComparer.Ordinal)
        .Select(entry => entry.ToJson())];

    private FieldManagerEntry FindOrAdd(FieldManagerEntry manager)
    {
        var found = _entries.Find(entry => entry.IsSameManager(manager));
        if (found is null)
            _entries.Add(found = manager);
        found.Time = manager.Time;
        return found;
    }
}
