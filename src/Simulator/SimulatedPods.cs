using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>The pods of a server, changed directly and fast; watches see the changes as if they came over the API.</summary>
public sealed class SimulatedPods
{
    private readonly ObjectTable _table;
    private readonly TimeProvider _time;

    internal SimulatedPods(ObjectTable table, TimeProvider time)
    {
        _table = table;
        _time = time;
    }

    /// <summary>Pods in all namespaces.</summary>
    public int Count => _table.Current.Objects.Count;

    /// <summary>Creates or replaces a pod; one that is as wanted already stays untouched.</summary>
    /// <returns>Its resourceVersion.</returns>
    public long Set(SimulatedPod pod)
    {
        while (true)
        {
            var before = _table.Find(pod.Namespace, pod.Name);
            var isNew = before is null || (pod.Uid is { } uid && uid != before.Uid);
            var after = PodEncoder.Encode(
                pod, isNew ? pod.Uid ?? Guid.NewGuid().ToString() : before!.Uid, isNew ? _time.GetUtcNow() : before!.Created);
            if (before is not null && after.HasSameContent(before))
                return before.ResourceVersion;
            // The real server never turns one uid into another: the old pod is deleted first.
            if (before is not null && isNew && !_table.TryCommit(before, null))
                continue;
            if (_table.TryCommit(isNew ? null : before, after))
                return after.ResourceVersion;
        }
    }

    /// <summary>Creates or replaces many pods.</summary>
    public void Set(IEnumerable<SimulatedPod> pods)
    {
        foreach (var pod in pods)
            Set(pod);
    }

    /// <summary>
    /// Creates or replaces a pod from JSON text, checked only for having metadata with name and namespace: for pods the
    /// real server would refuse. A missing uid and creationTimestamp are filled in.
    /// </summary>
    /// <returns>Its resourceVersion.</returns>
    public long SetJson(string json)
    {
        while (true)
        {
            var content = JsonNode.Parse(json)!.AsObject();
            var metadata = content["metadata"]!.AsObject();
            var before = _table.Find((string)metadata["namespace"]!, (string)metadata["name"]!);
            metadata["uid"] ??= before?.Uid ?? Guid.NewGuid().ToString();
            metadata["creationTimestamp"] ??= ObjectEncoder.Format(before?.Created ?? _time.GetUtcNow());
            var after = ObjectEncoder.Encode(content);
            if (_table.TryCommit(before, after))
                return after.ResourceVersion;
        }
    }

    /// <summary>Removes a pod at once, without a grace period; false when it is not there.</summary>
    public bool Delete(string ns, string name)
    {
        while (_table.Find(ns, name) is { } before)
        {
            if (_table.TryCommit(before, null))
                return true;
        }

        return false;
    }

    /// <summary>The pod as it is now, or null.</summary>
    public SimulatedPod? Find(string ns, string name) =>
        _table.Find(ns, name) is { } found ? PodEncoder.Decode(found.ToJson([])) : null;
}
