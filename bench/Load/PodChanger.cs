using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Calico;
using KubePolicySemaphore.Bench.Measuring;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>Gives pods new addresses, as kubelets do, and measures when they stand in Calico.</summary>
internal sealed class PodChanger(BenchStage stage, PodFleet fleet, NetworkSetObserver observer) : IDisposable
{
    /// <summary>Changes in flight at the limit.</summary>
    public const int Writers = 16;

    private const int WarmUpChanges = 200;

    /// <summary>Later than this is not late but lost.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(30);

    private readonly BareClient _client = new(stage.Remote);
    private int _next;

    /// <summary>Some changes that do not count, for connections and compiled code.</summary>
    public Task WarmUpAsync(CancellationToken cancellationToken) =>
        CloseAsync(() => _next < WarmUpChanges, [], cancellationToken);

    /// <summary>Changes pods for so long, and waits for the last of them.</summary>
    /// <param name="load">How often.</param>
    /// <param name="duration">For how long.</param>
    /// <param name="writer">The process whose processor time counts as the writer's.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="TimeoutException">A change did not come through.</exception>
    public async Task<PropagationRun> RunAsync(PropagationLoad load, TimeSpan duration, int writer, CancellationToken cancellationToken)
    {
        var samples = new ConcurrentBag<double>();
        var cpu = new CpuMeter(stage, writer);
        var start = Stopwatch.GetTimestamp();
        if (load.Rate is { } rate)
            await OpenAsync(rate, duration, samples, cancellationToken);
        else
            await CloseAsync(() => Stopwatch.GetElapsedTime(start) < duration, samples, cancellationToken);
        return new PropagationRun([.. samples], cpu.Read());
    }

    public void Dispose() => _client.Dispose();

    private async Task OpenAsync(double rate, TimeSpan duration, ConcurrentBag<double> samples, CancellationToken cancellationToken)
    {
        var changes = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i / rate < duration.TotalSeconds; i++)
        {
            // Half the distance at random, or changes would keep step with timers of those measured.
            var due = TimeSpan.FromSeconds((i + (0.5 * Random.Shared.NextDouble())) / rate) - Stopwatch.GetElapsedTime(start);
            if (due > TimeSpan.Zero)
                await Task.Delay(due, TimeProvider.System, cancellationToken);
            changes.Add(ChangeAsync(Next(), samples, cancellationToken));
        }

        await Task.WhenAll(changes);
    }

    private Task CloseAsync(Func<bool> goesOn, ConcurrentBag<double> samples, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            while (goesOn())
                await ChangeAsync(Next(), samples, cancellationToken);
        }));

    // One of each set in turn, so that no two changes in flight are of one object.
    private TestPod Next()
    {
        var index = Interlocked.Increment(ref _next);
        var set = fleet.Sets[index % fleet.Sets.Count];
        return set.Pods[index / fleet.Sets.Count % set.Pods.Count];
    }

    private async Task ChangeAsync(TestPod pod, ConcurrentBag<double> samples, CancellationToken cancellationToken)
    {
        var address = fleet.TakeAddress();
        var seen = observer.WhenNetAsync($"{address}/32");
        await _client.PatchAsync($"/api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}/status", new JsonObject
        {
            ["status"] = (pod with { Addresses = [address] }).ToStatus(),
        }, cancellationToken);
        var acknowledged = Stopwatch.GetTimestamp();
        samples.Add(Milliseconds(acknowledged, await seen.WaitAsync(Lost, cancellationToken)));
    }

    // Calico may show it before the answer is here; that counts as what it is, less than nothing.
    private static double Milliseconds(long from, long to) => (to - from) * 1000.0 / Stopwatch.Frequency;
}
