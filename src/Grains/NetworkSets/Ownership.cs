using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>Tells whose an object is from its labels and its mark, and whether it is as it should be.</summary>
public static class Ownership
{
    /// <summary>
    /// Judges an object that stands under one of the set's names, or carries its labels.
    /// </summary>
    /// <remarks>
    /// The labels tell the owner, unless they contradict the name: then somebody edited them, and the mark decides.
    /// </remarks>
    public static ObjectClaim Judge(NetworkSetObject seen, NetworkSetKey key, string serviceId)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var managed = NamingConvention.TryGetByManagedBy(seen.ManagedBy, out _);
        var marked = seen.Owner == serviceId;
        if (!managed || (seen.Owner is not null && !marked))
            return ObjectClaim.Foreign;
        var namedAsOurs = NamingConvention.TryGetShard(key, seen.Name, out _);
        if (seen.Key == key)
            return namedAsOurs || marked ? ObjectClaim.Ours : ObjectClaim.Foreign;
        var labelsFitName = seen.Key is { } labelled && NamingConvention.TryGetShard(labelled, seen.Name, out _);
        if (labelsFitName)
            return ObjectClaim.AnotherSet;
        return namedAsOurs && marked ? ObjectClaim.Ours : ObjectClaim.Foreign;
    }

    /// <summary>True when everything of the object that is ours, except which nets it holds, is as it would be written.</summary>
    public static bool IsExact(NetworkSetObject seen, NetworkSetWrite write)
    {
        ArgumentNullException.ThrowIfNull(seen);
        ArgumentNullException.ThrowIfNull(write);
        return seen.NetsExact
            && seen.Key == write.Key
            && seen.ManagedBy == write.Convention.ManagedBy
            && seen.Owner == write.ServiceId
            && seen.OnRemoval == write.OnRemoval
            && seen.RemovalStarted == write.RemovalStarted
            && IsShardLabel(seen.ShardLabel, write.Shard);
    }

    private static bool IsShardLabel(string? label, int shard) =>
        shard == 0 ? label is null : int.TryParse(label, out var number) && number == shard && label == $"{number}";
}
