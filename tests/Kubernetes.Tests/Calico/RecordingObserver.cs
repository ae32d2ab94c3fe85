using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>Keeps what it is told, as the catalog does, and lets a test wait for it.</summary>
internal sealed class RecordingObserver : INetworkSetObserver
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, NetworkSetObject> _objects = [];
    private readonly List<string> _log = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;

    public int Lists { get; private set; }

    public List<string> Errors { get; } = [];

    public int Contacts { get; private set; }

    public NetworkSetObject? Find(string name)
    {
        lock (_gate)
            return _objects.GetValueOrDefault(name);
    }

    /// <summary>Waits until the condition holds; it is looked at after each call.</summary>
    public async Task UntilAsync(string what, Func<RecordingObserver, bool> condition)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (condition(this))
                    return;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(Deadline, TimeProvider.System);
            }
            catch (TimeoutException)
            {
                lock (_gate)
                    throw new TimeoutException($"not seen: {what}; calls were: {string.Join(", ", _log.TakeLast(30))}; errors: {string.Join("; ", Errors)}");
            }
        }
    }

    public void Replace(IReadOnlyList<NetworkSetObject> objects) => Note($"Replace({objects.Count})", () =>
    {
        Lists++;
        _objects.Clear();
        foreach (var seen in objects)
            _objects.Add(seen.Name, seen);
    });

    public void Upsert(NetworkSetObject seen) => Note($"Upsert({seen.Name})", () => _objects[seen.Name] = seen);

    public void Delete(string name, string uid) => Note($"Delete({name})", () =>
    {
        if (_objects.TryGetValue(name, out var known) && known.Uid == uid)
            _objects.Remove(name);
    });

    public void Contact() => Note("Contact", () => Contacts++);

    public void Failed(string error) => Note("Failed", () => Errors.Add(error));

    private void Note(string call, Action change)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        lock (_gate)
        {
            _log.Add(call);
            change();
            _changed.SetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Interlocked.Decrement(ref _inside);
    }
}
