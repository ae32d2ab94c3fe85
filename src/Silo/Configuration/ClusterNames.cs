using KubePolicySemaphore.Silo.Configuration.Yaml;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>Sees that every entry has a name of its own, and that no two can make the same object names.</summary>
internal sealed class ClusterNames(FaultSink faults, AmbiguousNames ambiguousNames)
{
    private readonly List<(ScalarNode Node, int Index)> _names = [];

    /// <summary>Adds an entry's name; one that differs from an earlier one by case only is told too, as it will be mistaken for it.</summary>
    public void Add(ScalarNode name, int index)
    {
        var earlier = _names.Find(other => string.Equals(other.Node.Text, name.Text, StringComparison.OrdinalIgnoreCase));
        if (earlier.Node is not null)
            At(name, index).Add(name.Origin, $"the name is that of clusters[{earlier.Index}] already");
        _names.Add((name, index));
    }

    /// <summary>
    /// Cluster <c>p</c> with namespace <c>q-r</c> makes the same object names as cluster <c>p-q</c> with namespace
    /// <c>r</c>, so one remote could take the place of another's objects.
    /// </summary>
    public void CheckAmbiguity()
    {
        foreach (var (name, index) in _names)
        {
            foreach (var (other, _) in _names.Where(other => other.Node.Text.StartsWith(name.Text + "-", StringComparison.Ordinal)))
            {
                var text = $"the name and \"-\" begin the name {SafeText.Quote(other.Text)}, so their objects can claim the same names";
                if (ambiguousNames == AmbiguousNames.Refuse)
                    At(name, index).Add(name.Origin, text);
                else
                    At(name, index).Warn(name.Origin, text);
            }
        }
    }

    private FaultSink At(ScalarNode name, int index) => faults.At($"clusters[{index}] {SafeText.Quote(name.Text)}");
}
