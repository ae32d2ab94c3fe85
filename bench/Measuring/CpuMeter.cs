using System.Diagnostics;
using System.Globalization;
using KubePolicySemaphore.Bench.Load;

namespace KubePolicySemaphore.Bench.Measuring;

/// <summary>Processor time of those who take part, and of the whole machine, from now on.</summary>
internal sealed class CpuMeter
{
    // USER_HZ, which is 100 wherever Linux is compiled for people.
    private const double TicksPerSecond = 100;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly int[] _apiServers;
    private readonly int _etcd;
    private readonly int _writer;
    private readonly CpuUse _before;

    /// <param name="stage">The servers.</param>
    /// <param name="writer">The process that writes; this one for the floor.</param>
    public CpuMeter(BenchStage stage, int writer)
    {
        _apiServers = [stage.Remote.ProcessId, stage.Local.ProcessId];
        _etcd = stage.Local.Etcd.ProcessId;
        _writer = writer;
        _before = Now();
    }

    public CpuUse Read() => Now() - _before;

    private CpuUse Now() => new()
    {
        Wall = Stopwatch.GetElapsedTime(_start).TotalSeconds,
        ApiServers = _apiServers.Sum(Seconds),
        Etcd = Seconds(_etcd),
        Writer = Seconds(_writer),
        Bench = _writer == Environment.ProcessId ? 0 : Seconds(Environment.ProcessId),
        Machine = MachineSeconds(),
    };

    private static double Seconds(int processId)
    {
        // The name, in parentheses, may hold spaces; utime and stime are the 14th and 15th field.
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    private static double MachineSeconds()
    {
        // user nice system idle iowait irq softirq steal
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (fields.Skip(1).Take(8).Sum(Number) - Number(fields[4]) - Number(fields[5])) / TicksPerSecond;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
