using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>
/// Gives memory back when a burst is over. Large lists and the first writes of thousands of sets leave garbage in old
/// generations, and a process that is quiet again gives the collector no reason to look at them.
/// </summary>
internal sealed partial class MemoryRelease(TimeProvider time, ILogger<MemoryRelease> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetTimestamp();
        var burst = new AllocationBurst();
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (burst.IsOver(GC.GetTotalAllocatedBytes(), time.GetElapsedTime(started)))
                Collect();
        }
    }

    // Everything stands still for it; that is why it waits for a quiet time.
    private void Collect()
    {
        var before = Environment.WorkingSet;
        var begun = Stopwatch.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var (after, took) = (Environment.WorkingSet, Stopwatch.GetElapsedTime(begun));
        LogCollected(before, after, took);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "After a burst memory was collected: {Before} bytes resident, now {After}; all stood still for {Took}")]
    private partial void LogCollected(long before, long after, TimeSpan took);
}
