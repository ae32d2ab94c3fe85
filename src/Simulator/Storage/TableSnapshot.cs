using System.Collections.Immutable;

namespace KubePolicySemaphore.Simulator;

/// <summary>All objects of a resource, sorted by key, as they were at one resourceVersion.</summary>
internal readonly record struct TableSnapshot(ImmutableList<StoredObject> Objects, long ResourceVersion)
{
    private static readonly Comparer<StoredObject> ByKey =
        Comparer<StoredObject>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key));

    /// <summary>Index of the object with this key, or the complement of the index where it would stand.</summary>
    public static int Search(ImmutableList<StoredObject> objects, string key) => objects.BinarySearch(Probe(key), ByKey);

    public StoredObject? Find(string key) => Search(Objects, key) is >= 0 and var index ? Objects[index] : null;

    /// <summary>Index of the first object whose key is not below <paramref name="key"/>.</summary>
    public int IndexFrom(string key) => Search(Objects, key) is var index && index < 0 ? ~index : index;

    private static StoredObject Probe(string key) => new()
    {
        Key = key,
        Namespace = null,
        Name = key,
        Uid = "",
        Created = default,
        Labels = [],
        Body = [],
        VersionOffset = 0,
    };
}
