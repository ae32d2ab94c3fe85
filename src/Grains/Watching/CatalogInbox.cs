using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Takes note of sets that changed in Calico and wakes the watcher once, however many they are. Bounded by the number of
/// sets, as each stands in it once.
/// </summary>
internal sealed class CatalogInbox(Action wake) : ICatalogListener
{
    private readonly Lock _lock = new();
    private HashSet<NetworkSetKey> _changed = [];

    public void Changed(NetworkSetKey key)
    {
        lock (_lock)
        {
            if (!_changed.Add(key) || _changed.Count > 1)
                return;
        }

        wake();
    }

    public IReadOnlyCollection<NetworkSetKey> Take()
    {
        lock (_lock)
        {
            var taken = _changed;
            _changed = [];
            return taken;
        }
    }
}
