using System.Collections.Immutable;

namespace KubePolicySemaphore.Simulator;

/// <summary>The objects of one resource and their recent history. Thread safe; all tables share one version counter.</summary>
internal sealed class ObjectTable(ResourceType type, VersionCounter versions, int historyLength)
{
    /// <summary>Past snapshots kept for pages that are still being read; the oldest goes first.</summary>
    private const int MaxPinned = 64;

    private readonly SortedDictionary<long, TableSnapshot> _pinned = [];
    private readonly EventLog _log = new(historyLength);
    private ImmutableList<StoredObject> _objects = [];
    private TaskCompletionSource? _changed;

    public ResourceType Type => type;

    public TableSnapshot Current
    {
        get
        {
            lock (versions.Gate)
                return new TableSnapshot(_objects, versions.Current);
        }
    }

    public StoredObject? Find(string? ns, string name) => Current.Find(StoredObject.KeyOf(ns, name));

    /// <summary>Keeps a snapshot so that later pages of the same list can be read from it.</summary>
    public void Pin(TableSnapshot snapshot)
    {
        lock (versions.Gate)
        {
            _pinned[snapshot.ResourceVersion] = snapshot;
            if (_pinned.Count > MaxPinned)
                _pinned.Remove(_pinned.Keys.First());
        }
    }

    /// <summary>The objects as they were at a past version, or null when the history needed is forgotten.</summary>
    public TableSnapshot? At(long resourceVersion)
    {
        lock (versions.Gate)
        {
            if (resourceVersion < _log.ForgottenUpTo)
                return null;
            if (_pinned.TryGetValue(resourceVersion, out var pinned))
                return pinned;

            var objects = _objects;
            for (var position = _log.Next - 1; position >= _log.First && _log[position].ResourceVersion > resourceVersion; position--)
                objects = Change(objects, _log[position].After, _log[position].Before);
            return new TableSnapshot(objects, resourceVersion);
        }
    }

    /// <summary>
    /// Puts <paramref name="after"/> in the place of <paramref name="before"/>; null stands for "no such object".
    /// False, and nothing done, when another write came first.
    /// </summary>
    public bool TryCommit(StoredObject? before, StoredObject? after)
    {
        TaskCompletionSource? changed;
        lock (versions.Gate)
        {
            var index = TableSnapshot.Search(_objects, (after ?? before)!.Key);
            if (!ReferenceEquals(before, index >= 0 ? _objects[index] : null))
                return false;

            var version = versions.Next();
            if (after is not null)
                after.ResourceVersion = version;
            _objects = Change(_objects, before, after);
            _log.Append(new StoreEvent(version, before, after));
            changed = Interlocked.Exchange(ref _changed, null);
        }

        changed?.TrySetResult();
        return true;
    }

    /// <summary>Makes every resourceVersion seen so far too old, for watches and for continue tokens.</summary>
    public void ForgetHistory()
    {
        lock (versions.Gate)
        {
            _log.Forget(versions.Next());
            _pinned.Clear();
        }
    }

    /// <summary>Where a watch from <paramref name="resourceVersion"/> starts; null when that version is too old.</summary>
    public long? OpenAt(long resourceVersion, out long oldest)
    {
        lock (versions.Gate)
        {
            oldest = _log.ForgottenUpTo;
            return resourceVersion < oldest ? null : _log.PositionAfter(resourceVersion);
        }
    }

    /// <summary>Reads the events from a position on; says <see cref="WatchRead.Lost"/> if they are forgotten already.</summary>
    public WatchRead Read(long position, StoreEvent[] into)
    {
        lock (versions.Gate)
        {
            if (position < _log.First)
                return new WatchRead(0, versions.Current, Lost: true, Task.CompletedTask);

            var count = (int)Math.Min(_log.Next - position, into.Length);
            for (var i = 0; i < count; i++)
                into[i] = _log[position + i];
            if (count > 0)
                return new WatchRead(count, into[count - 1].ResourceVersion, Lost: false, Task.CompletedTask);

            return new WatchRead(0, versions.Current, Lost: false, NextChange());
        }
    }

    /// <summary>Completes at the next change.</summary>
    public Task NextChange()
    {
        lock (versions.Gate)
            return (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    private static ImmutableList<StoredObject> Change(ImmutableList<StoredObject> objects, StoredObject? before, StoredObject? after)
    {
        var index = TableSnapshot.Search(objects, (after ?? before)!.Key);
        return (index >= 0, after) switch
        {
            (true, null) => objects.RemoveAt(index),
            (true, _) => objects.SetItem(index, after),
            (false, null) => objects,
            (false, _) => objects.Insert(~index, after),
        };
    }
}
