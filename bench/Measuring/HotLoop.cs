using System.Diagnostics;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Runs a pure function again and again on this thread.</summary>
internal static class HotLoop
{
    private const int Repetitions = 7;

    /// <summary>
    /// Warms the code up until the runtime has optimised it, then answers the median of some repetitions, in processor
    /// time: what else runs on the machine does not count.
    /// </summary>
    /// <param name="operations">How many operations one call of <paramref name="run"/> does.</param>
    /// <param name="duration">Of one repetition, and of the warm-up.</param>
    public static HotResult Measure(int operations, TimeSpan duration, Action run)
    {
        Repeat(duration * 2, run);
        var times = new List<double>();
        var bytes = new List<double>();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (calls, used) = Repeat(duration, run);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - allocated) / ((double)calls * operations));
            times.Add(used.TotalNanoseconds / ((double)calls * operations));
        }

        return new HotResult(times.Median(), bytes.Median());
    }

    private static (long Calls, TimeSpan Used) Repeat(TimeSpan duration, Action run)
    {
        var calls = 0L;
        var usedBefore = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        do
        {
            run();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
        return (calls, Environment.CpuUsage.TotalTime - usedBefore);
    }
}
