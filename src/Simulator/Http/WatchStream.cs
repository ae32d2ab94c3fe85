using System.IO.Pipelines;

namespace KubePolicySemaphore.Simulator;

/// <summary>Serves one watch until it times out, ends by a fault, or falls behind the history.</summary>
internal sealed class WatchStream(
    ServedResource resource, ObjectSelector selector, ListOptions options, WatchSession session, FaultInjector faults, SimulatorOptions simulator)
{
    private const int BatchSize = 256;
    private const int FlushBytes = 32 * 1024;

    // The real server sends a last bookmark two seconds before it ends a watch.
    private static readonly TimeSpan BookmarkBeforeEnd = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    private readonly StoreEvent[] _batch = new StoreEvent[BatchSize];
    private readonly TimeProvider _time = simulator.TimeProvider;
    private readonly DateTimeOffset _end = simulator.TimeProvider.GetUtcNow() + (options.Timeout ?? DefaultTimeout);
    private DateTimeOffset _nextBookmark;

    /// <param name="start">First position in the history, or null to begin with all objects there are.</param>
    public async Task RunAsync(PipeWriter output, long? start, CancellationToken cancellationToken)
    {
        PlanBookmark();
        await faults.WaitWhileStalledAsync(session.Request, cancellationToken).ConfigureAwait(false);
        var position = start ?? await WriteExistingAsync(output, cancellationToken).ConfigureAwait(false);
        while (!cancellationToken.IsCancellationRequested)
        {
            var read = resource.Table.Read(position, _batch);
            if (read.Lost)
                return;
            if (read.Count == 0)
            {
                Task somethingToDo = Task.WhenAny(read.Changed, session.Woken);
                await somethingToDo.WaitAsync(UntilNextDeadline(), _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await faults.WaitWhileStalledAsync(session.Request, cancellationToken).ConfigureAwait(false);

            Write(output, read.Count);
            position += read.Count;
            if (await InjectAsync(output, cancellationToken).ConfigureAwait(false))
                return;
            var now = _time.GetUtcNow();
            if (options.AllowBookmarks && now >= _nextBookmark)
                Bookmark(output, read.ResourceVersion);
            if (output.UnflushedBytes > 0)
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (now >= _end)
                return;
        }
    }

    private async Task<long> WriteExistingAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        var snapshot = resource.Table.Current;
        foreach (var existing in snapshot.Objects)
        {
            if (selector.Matches(existing))
                WatchEvents.Write(output, WatchEvents.Added, existing, resource.TypeMeta, existing.ResourceVersion);
            if (output.UnflushedBytes > FlushBytes)
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        if (options.SendInitialEvents)
            WatchEvents.WriteBookmark(output, resource.TypeMeta, snapshot.ResourceVersion, endsInitialEvents: true);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        // A position that is forgotten by now ends the watch at the first read.
        return resource.Table.OpenAt(snapshot.ResourceVersion, out _) ?? -1;
    }

    private void Write(PipeWriter output, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (WatchEvents.TypeFor(_batch[i], selector, out var shown) is { } type)
                WatchEvents.Write(output, type, shown, resource.TypeMeta, _batch[i].ResourceVersion);
        }
    }

    private async Task<bool> InjectAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        while (session.TryTake(out var injection))
        {
            for (var rest = injection!.Raw; rest.Length > 0;)
            {
                var count = Math.Min(injection.ChunkBytes ?? rest.Length, rest.Length);
                await output.WriteAsync(rest[..count], cancellationToken).ConfigureAwait(false);
                rest = rest[count..];
            }

            if (injection.EndsWatch)
                return true;
        }

        return false;
    }

    private void Bookmark(PipeWriter output, long resourceVersion)
    {
        WatchEvents.WriteBookmark(output, resource.TypeMeta, resourceVersion, endsInitialEvents: false);
        PlanBookmark();
    }

    private void PlanBookmark()
    {
        var now = _time.GetUtcNow();
        var (next, last) = (now + simulator.BookmarkInterval, _end - BookmarkBeforeEnd);
        _nextBookmark = last > now && last < next ? last : next;
    }

    private TimeSpan UntilNextDeadline()
    {
        var deadline = options.AllowBookmarks && _nextBookmark < _end ? _nextBookmark : _end;
        var left = deadline - _time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
