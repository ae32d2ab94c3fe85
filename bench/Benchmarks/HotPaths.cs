using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>The pure code that every event goes through.</summary>
internal sealed class HotPaths : IBenchmark
{
    public string Name => "hot-paths";

    public string Title => "Hot paths";

    public bool NeedsServers => false;

    public Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken)
    {
        var duration = TimeSpan.FromSeconds(options.Quick ? 0.05 : 0.5);
        var fleet = new PodFleet(50_000, 5_000);
        report.Note("Processor time on one thread, the median of several repetitions. Allocations count more than times: they do not depend on the machine.");
        var table = new Table("path", "ns each", "per second", "bytes each", "MB/s", "allocated bytes each");
        HotPath[] paths = [.. DecodingPaths.Of(fleet), .. IndexPaths.Of(fleet), .. WritingPaths.Of(fleet)];
        foreach (var path in paths)
            HotLoop.WarmUp(duration, path.Run);
        foreach (var path in paths)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = HotLoop.Measure(path.Operations, duration, path.Run);
            table.Add(
                path.Title, Report.Number(result.Nanoseconds, 0), Report.Number(result.PerSecond, 0),
                Report.Number(path.Bytes, 0), Report.Number(path.Bytes * result.PerSecond / 1e6, 0), Report.Number(result.AllocatedBytes));
        }

        report.Add(table);
        return Task.CompletedTask;
    }
}
