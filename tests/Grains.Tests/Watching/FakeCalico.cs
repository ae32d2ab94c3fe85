using System.Collections.Immutable;
using System.Globalization;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;

namespace KubePolicySemaphore.Grains.Tests.Watching;

/// <summary>GlobalNetworkSets in memory, with resourceVersions and uids as the API server has them.</summary>
public sealed class FakeCalico : INetworkSetStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, NetworkSetObject> _objects = [];
    private readonly List<INetworkSetObserver> _observers = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 100;

    private readonly List<HeldWrite> _held = [];
    private readonly List<(string Name, string[] Nets)> _history = [];

    /// <summary>Every write that was done: verb and object name.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>Decides over a write before it is done; null lets it pass.</summary>
    public Func<string, string, StoreResult?>? Intercept { get; set; }

    public ImmutableArray<NetworkSetObject> Objects
    {
        get
        {
            lock (_lock)
                return [.. _objects.Values.OrderBy(seen => seen.Name, StringComparer.Ordinal)];
        }
    }

    public string[] Nets(string name)
    {
        lock (_lock)
            return _objects.TryGetValue(name, out var seen) ? Texts(seen) : [];
    }

    /// <summary>What the object has held since it first stood there, change by change; nothing where it was gone.</summary>
    public string[][] HistoryOf(string name)
    {
        lock (_lock)
            return [.. _history.Where(change => change.Name == name).Select(change => change.Nets)];
    }

    /// <summary>Keeps the next such write on its way until the test says how it ends.</summary>
    public HeldWrite HoldNext(string verb, string name)
    {
        var held = new HeldWrite($"{verb} {name}");
        lock (_lock)
            _held.Add(held);
        return held;
    }

    /// <summary>Puts an object there as somebody else would.</summary>
    public void Put(NetworkSetObject seen)
    {
        lock (_lock)
            Store(seen with { ResourceVersion = Next(), Uid = _objects.TryGetValue(seen.Name, out var old) ? old.Uid : Guid.NewGuid().ToString() });
    }

    public void Remove(string name)
    {
        lock (_lock)
            Drop(_objects[name]);
    }

    public Task WaitUntilAsync(Func<bool> condition, string what) => WaitUntilAsync(() => Task.FromResult(condition()), what);

    public async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = TimeSpan.FromSeconds(20);
        using var timeout = new CancellationTokenSource(deadline, TimeProvider.System);
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;
            if (await condition())
                return;
            try
            {
                // A condition may also depend on what does not show here, so it is looked at again now and then.
                await Task.WhenAny(changed, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token));
                timeout.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {deadline}: {what}. Objects: {string.Join("; ", Objects.Select(o => $"{o.Name}=[{string.Join(' ', o.Nets)}]"))}");
            }
        }
    }

    public async Task ObserveAsync(INetworkSetObserver observer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            observer.Replace([.. _objects.Values]);
            _observers.Add(observer);
        }

        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            lock (_lock)
                _observers.Remove(observer);
        }
    }

    public Task<StoreResult> CreateAsync(NetworkSetWrite write, CancellationToken cancellationToken) =>
        WriteAsync("create", write.ObjectName, () =>
            _objects.ContainsKey(write.ObjectName) ? Fail(StoreOutcome.Conflict) : Done(From(write, Guid.NewGuid().ToString())));

    public Task<StoreResult> UpdateAsync(NetworkSetWrite write, NetworkSetObject seen, CancellationToken cancellationToken) =>
        WriteAsync("update", seen.Name, () => Check(seen) ?? Done(From(write, seen.Uid) with { Name = seen.Name }));

    public Task<StoreResult> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken) =>
        WriteAsync("delete", seen.Name, () =>
        {
            if (Check(seen) is { } failed)
                return failed;
            Drop(seen);
            return new() { Outcome = StoreOutcome.Done };
        });

    public Task<StoreResult> ReadAsync(string name, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_objects.TryGetValue(name, out var seen) ? new() { Outcome = StoreOutcome.Done, Seen = seen } : Fail(StoreOutcome.NotFound));
    }

    private async Task<StoreResult> WriteAsync(string verb, string name, Func<StoreResult> write)
    {
        HeldWrite? held;
        lock (_lock)
        {
            held = _held.Find(candidate => candidate.Write == $"{verb} {name}");
            if (held is not null)
                _held.Remove(held);
        }

        if (held is not null)
            await held.ArriveAsync();
        lock (_lock)
        {
            if (Intercept?.Invoke(verb, name) is { } answer)
                return answer;
            var result = write();
            if (result.Outcome == StoreOutcome.Done)
                Writes.Add($"{verb} {name}");
            return held?.Answer(result) ?? result;
        }
    }

    private StoreResult? Check(NetworkSetObject seen) =>
        !_objects.TryGetValue(seen.Name, out var standing) ? Fail(StoreOutcome.NotFound)
        : standing.Uid != seen.Uid || standing.ResourceVersion != seen.ResourceVersion ? Fail(StoreOutcome.Conflict)
        : null;

    private StoreResult Done(NetworkSetObject seen)
    {
        Store(seen);
        return new() { Outcome = StoreOutcome.Done, Seen = seen };
    }

    private static StoreResult Fail(StoreOutcome outcome) => new() { Outcome = outcome, Error = outcome.ToString() };

    private NetworkSetObject From(NetworkSetWrite write, string uid) => new()
    {
        Name = write.ObjectName,
        Uid = uid,
        ResourceVersion = Next(),
        ManagedBy = write.Convention.ManagedBy,
        Key = write.Key,
        ShardLabel = write.Shard == 0 ? null : write.Shard.ToString(CultureInfo.InvariantCulture),
        Owner = write.ServiceId,
        Nets = write.Nets,
        NetsExact = true,
        OnRemoval = write.OnRemoval,
        RemovalStarted = write.RemovalStarted,
    };

    private string Next() => (++_version).ToString(CultureInfo.InvariantCulture);

    private void Store(NetworkSetObject seen)
    {
        _objects[seen.Name] = seen;
        _history.Add((seen.Name, Texts(seen)));
        foreach (var observer in _observers)
            observer.Upsert(seen);
        Signal();
    }

    private void Drop(NetworkSetObject seen)
    {
        _objects.Remove(seen.Name);
        _history.Add((seen.Name, []));
        foreach (var observer in _observers)
            observer.Delete(seen.Name, seen.Uid);
        Signal();
    }

    private static string[] Texts(NetworkSetObject seen) => [.. seen.Nets.Select(net => net.ToString()).Order(StringComparer.Ordinal)];

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
