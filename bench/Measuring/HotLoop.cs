using System.Diagnostics;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Runs a pure function again and again on this thread.</summary>
internal static class HotLoop
{
    private const int Repetitions = 7;

    /// <summary>Runs it until the runtime has seen what is worth optimising; it does so beside, so measure later.</summary>
    public static void WarmUp(TimeSpan duration, Action run) => Repeat(duration, run);

    /// <summary>The median of some repetitions, in processor time: what else runs on the machine does not count.</summary>
    /// <param name="operations">How many operations one call of <paramref name="run"/> does.</param>
    /// <param name="duration">Of one repetition.</param>
    /// <param name="run">Does them.</param>
    public static HotResult Measure(int operations, TimeSpan duration, Action run)
    {
        WarmUp(duration, run);
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
