using System.Collections.Immutable;
using System.Globalization;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Fencing;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Grains;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Grains.Watching;

/// <summary>
/// Takes away what a cluster left in Calico that is no longer in the configuration: only objects with our mark, only
/// after the grace period, whose start stands on one of the objects so that a restart finds it.
/// </summary>
internal sealed partial class ClusterRemoval(string cluster, WatcherServices services, EventRing events)
{
    private const int MaxInFlight = 16;

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly Guid _epoch = Guid.NewGuid();
    private Task _step = Task.CompletedTask;
    private long _notBefore;

    /// <summary>When the objects go; null while that is not known.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>True when there is nothing to take away.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Does the next step unless one is under way.</summary>
    public void Step(GridOptions grid)
    {
        if (_step.IsCompleted && services.Catalog.Loaded.IsCompleted && services.Time.GetTimestamp() >= _notBefore)
            _step = StepAsync(grid);
    }

    /// <summary>The cluster is back: the start of the grace period must not count when it leaves again.</summary>
    public void Cancel(GridOptions grid)
    {
        IsDone = false;
        Due = null;
        var before = _step;
        _step = CancelAsync();

        async Task CancelAsync()
        {
            await before;
            await services.Catalog.Loaded;
            var marked = Objects(grid).Where(seen => seen.RemovalStarted is not null).Select(seen => seen.Key!.Value).Distinct();
            await SendAsync(marked, key => Standing(key, grid, started: null));
        }
    }

    private async Task StepAsync(GridOptions grid)
    {
        var objects = Objects(grid);
        IsDone = objects.IsEmpty;
        if (IsDone || grid.DryRun)
            return;
        var started = objects.Select(seen => ParseTime(seen.RemovalStarted)).Min();
        if (started is null && grid.RemovalGracePeriod > TimeSpan.Zero)
        {
            await MarkStartAsync(objects, grid);
            return;
        }

        Due = (started ?? services.Time.GetUtcNow()) + grid.RemovalGracePeriod;
        if (services.Time.GetUtcNow() < Due)
            return;
        LogRemoving(services.Logger, objects.Length, cluster);
        events.Add("State", $"the grace period is over: {objects.Length} objects go");
        await SendAsync(objects.Select(seen => seen.Key!.Value).Distinct(), key => Standing(key, grid, started: null) with { Nets = [] });
    }

    private async Task MarkStartAsync(ImmutableArray<NetworkSetObject> objects, GridOptions grid)
    {
        // The mark stands on the first object of a set; one whose first object is gone cannot carry it.
        var first = objects.Where(seen => seen.Name == NamingConvention.ObjectName(seen.Key!.Value)).MinBy(seen => seen.Name, StringComparer.Ordinal)
            ?? objects[0];
        var now = services.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await SendAsync([first.Key!.Value], key => Standing(key, grid, now));
    }

    private ImmutableArray<NetworkSetObject> Objects(GridOptions grid) =>
    [
        .. services.Catalog.KeysOf(cluster)
            .SelectMany(key => services.Catalog.ObjectsOf(key))
            .Where(seen => seen.Owner == grid.ServiceId && seen.OnRemoval != RemovalMarks.Retain && seen.Key?.Cluster == cluster && !seen.Deleting)
            .DistinctBy(seen => seen.Name),
    ];

    /// <summary>The set as it stands, so that a write changes nothing but the mark.</summary>
    private MembershipSnapshot Standing(NetworkSetKey key, GridOptions grid, string? started)
    {
        var objects = services.Catalog.ObjectsOf(key);
        NamingConvention.TryGetByManagedBy(objects.First(seen => seen.Key == key).ManagedBy, out var convention);
        return new()
        {
            Version = new(_epoch, 0),
            Nets = [.. objects.Where(seen => Ownership.Judge(seen, key, grid.ServiceId) == ObjectClaim.Ours).SelectMany(seen => seen.Nets).Distinct()],
            Objects = objects,
            Rules = new()
            {
                Convention = (convention ?? NamingConvention.KubePolicySemaphore).Name,
                ServiceId = grid.ServiceId,
                MaxNetsPerObject = int.MaxValue,
                Retain = objects.Any(seen => seen.Key == key && seen.OnRemoval == RemovalMarks.Retain),
                DryRun = grid.DryRun,
                RemovalStarted = started,
            },
        };
    }

    private async Task SendAsync(IEnumerable<NetworkSetKey> keys, Func<NetworkSetKey, MembershipSnapshot> snapshot)
    {
        foreach (var some in keys.Chunk(MaxInFlight).ToList())
            await Task.WhenAll(some.Select(key => SendAsync(key, snapshot)));
    }

    private async Task SendAsync(NetworkSetKey key, Func<NetworkSetKey, MembershipSnapshot> snapshot)
    {
        try
        {
            // A set's grain on another silo has run without a gap and would believe what this one thinks it knows.
            var reply = await services.Pulse.IsFreshAsync(CancellationToken.None)
                ? await services.Grains.GetGrain<IGlobalNetworkSetGrain>(key.ToString()).ReconcileAsync(snapshot(key))
                : new() { Outcome = FeedOutcome.Failed, Error = SiloPulse.NotMember };
            services.Catalog.Record(reply);
            if (reply.Outcome == FeedOutcome.InSync)
                return;
            LogFailed(services.Logger, null, cluster, key.Namespace, key.Name, reply.Error);
        }
        catch (Exception exception)
        {
            LogFailed(services.Logger, exception, cluster, key.Namespace, key.Name, exception.Message);
        }

        _notBefore = services.Time.GetTimestamp() + (long)(PauseAfterFailure.TotalSeconds * services.Time.TimestampFrequency);
    }

    private static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Taking away {Count} objects of {Cluster}, which has left the configuration")]
    private static partial void LogRemoving(ILogger logger, int count, string cluster);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Cluster}/{Namespace}/{Set} could not be taken away or marked: {Error}")]
    private static partial void LogFailed(ILogger logger, Exception? exception, string cluster, string @namespace, string set, string? error);
}
