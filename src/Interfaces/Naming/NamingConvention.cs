using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>
/// How sets are told from pods and how their objects are named and labelled. Users' policies select by these labels,
/// so they are a contract: one per operator that users come from.
/// </summary>
public sealed class NamingConvention
{
    private const string ShardInfix = ".shard-";

    private NamingConvention(string name, string managedBy, LabelKeys keys, SetNameSource defaultSource, string defaultSelector)
    {
        Name = name;
        ManagedBy = managedBy;
        Keys = keys;
        DefaultSource = defaultSource;
        DefaultLabelSelector = defaultSelector;
    }

    /// <summary>Annotation with the service id of the grid that writes the object.</summary>
    public const string OwnerAnnotation = "kube-policy-semaphore/owner";

    /// <summary>Label with the number of a further object of a large set; the first object has none.</summary>
    public const string ShardLabel = "kube-policy-semaphore/shard";

    /// <summary>Label that says which operator manages an object.</summary>
    public const string ManagedByLabel = "managed-by";

    /// <summary>The default: objects as the calico-global-network-sync-operator made them.</summary>
    public static NamingConvention KubePolicySemaphore { get; } = new(
        "kube-policy-semaphore",
        "calico-global-network-sync-operator",
        new LabelKeys("remote-cluster-name", "namespace", "name"),
        SetNameSource.Annotation("uw.systems/networkset-name"),
        "uw.systems/networksets=true");

    /// <summary>Objects as semaphore-policy made them (https://github.com/utilitywarehouse/semaphore-policy).</summary>
    public static NamingConvention SemaphorePolicy { get; } = new(
        "semaphore-policy",
        "semaphore-policy",
        new LabelKeys("policy.semaphore.uw.io/cluster", "policy.semaphore.uw.io/namespace", "policy.semaphore.uw.io/name"),
        SetNameSource.Label("policy.semaphore.uw.io/name"),
        "policy.semaphore.uw.io/name");

    /// <summary>All conventions, the default first.</summary>
    public static IReadOnlyList<NamingConvention> All { get; } = [KubePolicySemaphore, SemaphorePolicy];

    /// <summary>The word for it in the configuration.</summary>
    public string Name { get; }

    /// <summary>Value of the label <see cref="ManagedByLabel"/>.</summary>
    public string ManagedBy { get; }

    /// <summary>The keys of the labels that name a set.</summary>
    public LabelKeys Keys { get; }

    /// <summary>Where a pod's set name stands unless configured otherwise.</summary>
    public SetNameSource DefaultSource { get; }

    /// <summary>Which pods are watched unless configured otherwise.</summary>
    public string DefaultLabelSelector { get; }

    /// <summary>The convention of that name in the configuration.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out NamingConvention? convention)
    {
        convention = All.FirstOrDefault(c => c.Name == name);
        return convention is not null;
    }

    /// <summary>The convention whose objects carry that <see cref="ManagedByLabel"/>.</summary>
    public static bool TryGetByManagedBy(string? managedBy, [NotNullWhen(true)] out NamingConvention? convention)
    {
        convention = All.FirstOrDefault(c => c.ManagedBy == managedBy);
        return convention is not null;
    }

    /// <summary>Name of the set's object number <paramref name="shard"/>, from 0: <c>cluster-namespace-name[.shard-n]</c>.</summary>
    public static string ObjectName(NetworkSetKey key, int shard = 0)
    {
        var name = $"{key.Cluster}-{key.Namespace}-{key.Name}";
        return shard == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{ShardInfix}{shard}");
    }

    /// <summary>The labels of the set's object number <paramref name="shard"/>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Labels(NetworkSetKey key, int shard = 0)
    {
        yield return new(ManagedByLabel, ManagedBy);
        yield return new(Keys.Name, key.Name);
        yield return new(Keys.Namespace, key.Namespace);
        yield return new(Keys.Cluster, key.Cluster);
        if (shard > 0)
            yield return new(ShardLabel, shard.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Number of the object within its set, told from its name; false when the name is none that this set's objects
    /// have (<c>.shard-0</c> and <c>.shard-01</c> are not).
    /// </summary>
    public static bool TryGetShard(NetworkSetKey key, ReadOnlySpan<char> objectName, out int shard)
    {
        shard = 0;
        var first = ObjectName(key);
        if (objectName.SequenceEqual(first))
            return true;
        return objectName.StartsWith(first) && objectName[first.Length..].StartsWith(ShardInfix)
            && int.TryParse(objectName[(first.Length + ShardInfix.Length)..], NumberStyles.None, CultureInfo.InvariantCulture, out shard)
            && shard > 0
            && objectName.SequenceEqual(ObjectName(key, shard));
    }

    /// <summary>
    /// Says whether a set can be named so: its object's name must be a DNS-1123 subdomain, its name a label value, and
    /// it must not look like a further object of another set.
    /// </summary>
    public static SetNameFault CheckSetName(ReadOnlySpan<char> cluster, ReadOnlySpan<char> podNamespace, ReadOnlySpan<char> setName)
    {
        if (setName.IsEmpty)
            return SetNameFault.Missing;
        if (!KubernetesName.IsLabelValue(setName))
            return SetNameFault.NotALabelValue;
        var length = cluster.Length + podNamespace.Length + setName.Length + 2;
        // The cluster's name is the configuration's; the namespace is remote text like the set's name.
        if (length > KubernetesName.MaxSubdomainLength || !KubernetesName.IsLabel(podNamespace) || !KubernetesName.IsSubdomain(setName))
            return SetNameFault.NotASubdomain;
        return EndsLikeShard(setName) ? SetNameFault.ReservedSuffix : SetNameFault.None;
    }

    private static bool EndsLikeShard(ReadOnlySpan<char> setName)
    {
        var infix = setName.LastIndexOf(ShardInfix);
        return infix >= 0 && infix + ShardInfix.Length < setName.Length
            && !setName[(infix + ShardInfix.Length)..].ContainsAnyExceptInRange('0', '9');
    }
}
