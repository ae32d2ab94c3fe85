using System.Runtime.CompilerServices;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>The values of all labels by which any of the conventions names a set.</summary>
internal struct SetLabelValues
{
    /// <summary>The keys of these labels.</summary>
    public static readonly string[] Keys =
        [.. NamingConvention.All.SelectMany(convention => new[] { convention.Keys.Cluster, convention.Keys.Namespace, convention.Keys.Name })];

    private Slots _values;

    public readonly string? Get(string key) => _values[Array.IndexOf(Keys, key)];

    public void Set(int key, string? value) => _values[key] = value;

    // Two conventions of three labels.
    [InlineArray(6)]
    private struct Slots
    {
        private string? _first;
    }
}
