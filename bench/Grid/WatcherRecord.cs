using System.Diagnostics;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>Which silo watched which cluster over some time, as a silo told.</summary>
/// <param name="Last">At the end.</param>
/// <param name="Moves">How often a cluster's watcher was found on another silo than before.</param>
/// <param name="SettledAt">Timestamp since which nothing moved and all was in sync.</param>
internal sealed record WatcherRecord(IReadOnlyList<WatchedCluster> Last, int Moves, long SettledAt)
{
    // Silos ask the watchers every two seconds; what they know is not newer than that.
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>Watchers of each silo that has any.</summary>
    public IReadOnlyDictionary<string, int> Shares => Last.CountBy(cluster => cluster.Silo).ToDictionary(StringComparer.Ordinal);

    /// <summary>Asks a silo again and again until something has ended.</summary>
    public static async Task<WatcherRecord> TakeAsync(GridSilo asked, Task end, CancellationToken cancellationToken)
    {
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        var record = new WatcherRecord([], 0, Stopwatch.GetTimestamp());
        while (!end.IsCompleted)
        {
            var clusters = await asked.ClustersAsync();
            var moves = clusters.Count(cluster => before.TryGetValue(cluster.Name, out var silo) && silo != cluster.Silo);
            var isSettled = moves == 0 && clusters.Count > 0 && clusters.All(cluster => cluster.IsInSync);
            record = new WatcherRecord(clusters, record.Moves + moves, isSettled ? record.SettledAt : Stopwatch.GetTimestamp());
            before = clusters.ToDictionary(cluster => cluster.Name, cluster => cluster.Silo, StringComparer.Ordinal);
            await Task.Delay(Period, TimeProvider.System, cancellationToken);
        }

        return record;
    }

    /// <summary>Waits until for so long nothing has moved and all was in sync.</summary>
    /// <exception cref="TimeoutException">It did not come to that.</exception>
    public static async Task<WatcherRecord> WhenSettledAsync(SiloGroup silos, TimeSpan rest, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var record = await TakeAsync(silos.Running[0], Task.Delay(rest, TimeProvider.System, cancellationToken), cancellationToken);
            if (Stopwatch.GetElapsedTime(record.SettledAt) >= rest)
                return record;
            if (Stopwatch.GetElapsedTime(start) > SiloGroup.Timeout)
                throw new TimeoutException($"the watchers did not settle within {SiloGroup.Timeout}:\n{silos.Tails()}");
        }
    }
}
