using System.Collections.Immutable;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>
/// The GlobalNetworkSets of the local cluster as this silo sees them: one list and watch, shared by all its watchers,
/// because the API server filters every write once per watch. Thread-safe.
/// </summary>
public sealed class NetworkSetCatalog(TimeProvider time) : INetworkSetObserver
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NetworkSetObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<NetworkSetKey, ImmutableArray<string>> _names = [];
    private readonly Dictionary<string, Dictionary<NetworkSetKey, int>> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<ICatalogListener>> _listeners = new(StringComparer.Ordinal);

    // Deleted by us: what the watch still says of them is the echo of an earlier change.
    private readonly RecentUids _deleted = new();

    // Seen to go by the watch: what a write's answer still says of them is older. They may come back: an object that
    // gets our label again keeps its uid.
    private readonly RecentUids _unseen = new();

    private long? _contactAt;
    private string? _error;
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the first complete list.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>How long nothing was heard of the local API server; null: it never was.</summary>
    public TimeSpan? Silence
    {
        get
        {
            lock (_lock)
                return _contactAt is { } at ? time.GetElapsedTime(at) : null;
        }
    }

    /// <summary>Why the local API server cannot be read; null when it can.</summary>
    public string? Error
    {
        get
        {
            lock (_lock)
                return _error;
        }
    }

    /// <summary>Remote clusters that have objects with that grid's mark which are not to stay after the cluster has left.</summary>
    public IReadOnlyCollection<string> ClustersMarkedBy(string serviceId)
    {
        lock (_lock)
        {
            return _objects.Values
                .Where(seen => seen.Owner == serviceId && seen.OnRemoval != RemovalMarks.Retain && seen.Key is not null)
                .Select(seen => seen.Key!.Value.Cluster)
                .ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>The sets of a cluster that have an object labelled so.</summary>
    public IReadOnlyList<NetworkSetKey> KeysOf(string cluster)
    {
        lock (_lock)
            return _clusters.TryGetValue(cluster, out var keys) ? [.. keys.Keys] : [];
    }

    /// <summary>The objects that carry the set's labels or stand under one of its names.</summary>
    public ImmutableArray<NetworkSetObject> ObjectsOf(NetworkSetKey key)
    {
        lock (_lock)
        {
            var found = ImmutableArray.CreateBuilder<NetworkSetObject>();
            if (_names.TryGetValue(key, out var names))
            {
                foreach (var name in names)
                    found.Add(_objects[name]);
            }

            // Whoever's labels it carries, an object under our name decides what can be written.
            for (var shard = 0; _objects.TryGetValue(NamingConvention.ObjectName(key, shard), out var named); shard++)
            {
                if (named.Key != key)
                    found.Add(named);
            }

            return found.DrainToImmutable();
        }
    }

    /// <inheritdoc />
    public void Replace(IReadOnlyList<NetworkSetObject> objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        lock (_lock)
        {
            var listed = objects.Select(seen => seen.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _objects.Values.Where(seen => !listed.Contains(seen.Name)).ToList())
            {
                _unseen.Add(gone.Uid);
                Remove(gone);
            }
            foreach (var seen in objects)
            {
                _unseen.Remove(seen.Uid);
                // A server restored from a backup has again what was deleted; where the list is old, the watch tells.
                _deleted.Remove(seen.Uid);
                Put(seen, fromList: true);
            }

            Alive();
        }

        _loaded.TrySetResult();
    }

    /// <inheritdoc />
    public void Upsert(NetworkSetObject seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        lock (_lock)
        {
            _unseen.Remove(seen.Uid);
            Put(seen);
            Alive();
        }
    }

    /// <inheritdoc />
    public void Delete(string name, string uid)
    {
        lock (_lock)
        {
            _unseen.Add(uid);
            if (_objects.TryGetValue(name, out var known) && known.Uid == uid)
                Remove(known);
            Alive();
        }
    }

    /// <inheritdoc />
    public void Contact()
    {
        lock (_lock)
            Alive();
    }

    /// <inheritdoc />
    public void Failed(string error)
    {
        lock (_lock)
            _error = error;
    }

    /// <summary>Takes in what a write's answer showed, so that the echo of an earlier write is not taken for drift.</summary>
    public void Record(FeedReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        lock (_lock)
        {
            foreach (var gone in reply.Gone)
            {
                _deleted.Add(gone.Uid);
                if (_objects.TryGetValue(gone.Name, out var known) && known.Uid == gone.Uid)
                    Remove(known);
            }

            foreach (var seen in reply.Seen)
            {
                // What carries none of our labels is not in the list and watch, and would never be seen to go.
                if (NamingConvention.TryGetByManagedBy(seen.ManagedBy, out _) && !_unseen.Contains(seen.Uid))
                    Put(seen);
            }
        }
    }

    internal void Listen(string cluster, ICatalogListener listener)
    {
        lock (_lock)
        {
            if (!_listeners.TryGetValue(cluster, out var all))
                _listeners.Add(cluster, all = []);
            all.Add(listener);
        }
    }

    internal void StopListening(string cluster, ICatalogListener listener)
    {
        lock (_lock)
        {
            if (_listeners.TryGetValue(cluster, out var all) && all.Remove(listener) && all.Count == 0)
                _listeners.Remove(cluster);
        }
    }

    private void Put(NetworkSetObject seen, bool fromList = false)
    {
        if (_deleted.Contains(seen.Uid))
            return;
        if (_objects.TryGetValue(seen.Name, out var known))
        {
            // A list is always right: a server restored from a backup counts from an older version.
            if (known.Uid == seen.Uid && (fromList ? seen.ResourceVersion == known.ResourceVersion : !IsNewer(seen, known)))
                return;
            Unlink(known);
        }

        _objects[seen.Name] = seen;
        if (seen.Key is { } key)
        {
            _names[key] = _names.TryGetValue(key, out var names) ? names.Add(seen.Name) : [seen.Name];
            if (!_clusters.TryGetValue(key.Cluster, out var keys))
                _clusters.Add(key.Cluster, keys = []);
            keys[key] = keys.GetValueOrDefault(key) + 1;
        }

        Tell(known, seen);
    }

    private void Remove(NetworkSetObject known)
    {
        Unlink(known);
        _objects.Remove(known.Name);
        Tell(known, null);
    }

    private void Unlink(NetworkSetObject known)
    {
        if (known.Key is not { } key)
            return;
        var names = _names[key].Remove(known.Name);
        if (names.IsEmpty)
            _names.Remove(key);
        else
            _names[key] = names;
        var keys = _clusters[key.Cluster];
        if (--keys[key] == 0)
            keys.Remove(key);
        if (keys.Count == 0)
            _clusters.Remove(key.Cluster);
    }

    private void Tell(NetworkSetObject? before, NetworkSetObject? after)
    {
        if (before?.Key is { } old)
            Tell(old);
        if (after?.Key is { } now && now != before?.Key)
            Tell(now);
    }

    private void Tell(NetworkSetKey key)
    {
        if (!_listeners.TryGetValue(key.Cluster, out var listeners))
            return;
        foreach (var listener in listeners)
            listener.Changed(key);
    }

    private void Alive()
    {
        _contactAt = time.GetTimestamp();
        _error = null;
    }

    /// <summary>
    /// resourceVersions of one object compare as numbers (Kubernetes KEP-5504); where a server gives others, what comes
    /// last is taken.
    /// </summary>
    private static bool IsNewer(NetworkSetObject seen, NetworkSetObject known) =>
        !ulong.TryParse(seen.ResourceVersion, out var version)
        || !ulong.TryParse(known.ResourceVersion, out var knownVersion)
        || version > knownVersion;
}
