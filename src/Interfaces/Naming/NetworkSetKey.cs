using System.Diagnostics.CodeAnalysis;

namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>
/// A set of pods: the remote cluster, the namespace in it and the set's name. As text, <c>cluster/namespace/name</c>,
/// it is the key of the set's grain. None of the parts can hold a slash.
/// </summary>
[GenerateSerializer, Immutable, Alias("kps.NetworkSetKey")]
public readonly record struct NetworkSetKey(
    [property: Id(0)] string Cluster,
    [property: Id(1)] string Namespace,
    [property: Id(2)] string Name)
{
    /// <summary>Reads <c>cluster/namespace/name</c>; false unless there are exactly three parts, none empty.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NetworkSetKey key)
    {
        var parts = text?.Split('/');
        var valid = parts is [{ Length: > 0 }, { Length: > 0 }, { Length: > 0 }];
        key = valid ? new(parts![0], parts[1], parts[2]) : default;
        return valid;
    }

    /// <summary><c>cluster/namespace/name</c>.</summary>
    public override string ToString() => $"{Cluster}/{Namespace}/{Name}";
}
