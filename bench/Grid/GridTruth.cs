namespace KubePolicySemaphore.Bench.Grid;

/// <summary>What the pods have, and so what Calico should show. Thread-safe.</summary>
/// <remarks>
/// An address counts from before the request that gives it to a pod, until before the request that takes it: who takes it
/// out of Calico in between takes it from a pod that has it.
/// </remarks>
internal sealed class GridTruth
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _nets = new(StringComparer.Ordinal);

    public void Add(string objectName, string net)
    {
        lock (_lock)
        {
            if (!_nets.TryGetValue(objectName, out var nets))
                _nets.Add(objectName, nets = new(StringComparer.Ordinal));
            nets.Add(net);
        }
    }

    public void Remove(string objectName, string net)
    {
        lock (_lock)
        {
            if (_nets.TryGetValue(objectName, out var nets) && nets.Remove(net) && nets.Count == 0)
                _nets.Remove(objectName);
        }
    }

    /// <summary>How many of these addresses a pod of the set has.</summary>
    public int CountLive(string objectName, IEnumerable<string> nets)
    {
        lock (_lock)
            return _nets.TryGetValue(objectName, out var live) ? nets.Count(live.Contains) : 0;
    }

    /// <summary>True while the set has a pod.</summary>
    public bool HasPods(string objectName)
    {
        lock (_lock)
            return _nets.ContainsKey(objectName);
    }

    /// <summary>How many objects are not as they should be.</summary>
    public int CountWrong(Dictionary<string, HashSet<string>> found)
    {
        lock (_lock)
        {
            return _nets.Count(set => !found.TryGetValue(set.Key, out var nets) || !nets.SetEquals(set.Value))
                + found.Keys.Count(name => !_nets.ContainsKey(name));
        }
    }
}
