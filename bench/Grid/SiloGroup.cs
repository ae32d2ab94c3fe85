using System.Diagnostics;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Programs;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>The silos of one grid.</summary>
internal sealed class SiloGroup : IAsyncDisposable
{
    public const string Kubernetes = "kubernetes";
    public const string Local = "local";

    /// <summary>For what takes seconds when all is well.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, GridSilo> _silos = new(StringComparer.Ordinal);
    private readonly string[] _flags;

    /// <param name="stage">What it watches, and where it writes.</param>
    /// <param name="clusterId">Names its membership object.</param>
    /// <param name="clustering">How its silos find each other.</param>
    public SiloGroup(GridStage stage, string clusterId, string clustering = Kubernetes) =>
        _flags = [$"--config={stage.ConfigurationFile}", $"--clustering={clustering}", $"--cluster-id={clusterId}", "--service-id=bench"];

    public IReadOnlyCollection<GridSilo> Silos => _silos.Values;

    /// <summary>Those that run.</summary>
    public IReadOnlyList<GridSilo> Running => [.. _silos.Values.Where(silo => silo.Runs)];

    public GridSilo this[string name] => _silos[name];

    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"silo-{i}")];

    /// <summary>Starts silos at once; answers the timestamp before the first.</summary>
    public async Task<long> StartAsync(params string[] names)
    {
        // Building it is no part of the start.
        await PublishedProgram.PathAsync();
        foreach (var name in names.Where(name => !_silos.ContainsKey(name)))
            _silos.Add(name, new GridSilo(name, _flags));
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(names.Select(name => _silos[name].StartAsync()));
        return start;
    }

    /// <summary>From the next start on all are found at other addresses.</summary>
    public void Readdress()
    {
        foreach (var silo in _silos.Values)
            silo.Readdress();
    }

    public Task KillAsync() => Task.WhenAll(_silos.Values.Select(silo => silo.KillAsync()));

    public Task TerminateAsync() => Task.WhenAll(_silos.Values.Select(silo => silo.TerminateAsync()));

    /// <summary>Waits until each that runs is ready; answers the timestamp.</summary>
    public Task<long> WhenReadyAsync() => WhenAsync("every silo is ready", silo => silo.IsReadyAsync());

    /// <summary>Waits until each silo tells that all clusters are in sync; answers the timestamp.</summary>
    public Task<long> WhenSyncedAsync() => WhenAsync("all is in sync", async silo =>
        await silo.ClustersAsync() is { Count: > 0 } clusters && clusters.All(cluster => cluster.IsInSync));

    /// <summary>Waits until each silo tells that all clusters are in sync and evenly spread over those that run; answers the timestamp.</summary>
    public Task<long> WhenEvenAsync()
    {
        var names = Running.Select(silo => silo.Name).ToHashSet(StringComparer.Ordinal);
        return WhenAsync("all is in sync and spread", async silo =>
            await silo.ClustersAsync() is { Count: > 0 } clusters && clusters.All(cluster => cluster.IsInSync) && IsEven(clusters, names));
    }

    /// <summary>The silos' last lines, for a failure's message.</summary>
    public string Tails() => string.Concat(_silos.Values.Select(silo => silo.Tail()));

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos.Values)
            await silo.DisposeAsync();
    }

    private static bool IsEven(IReadOnlyList<WatchedCluster> clusters, HashSet<string> silos)
    {
        var shares = clusters.CountBy(cluster => cluster.Silo).ToDictionary(StringComparer.Ordinal);
        return shares.Keys.All(silos.Contains) && silos.All(silo => shares.GetValueOrDefault(silo) >= clusters.Count / silos.Count);
    }

    private async Task<long> WhenAsync(string what, Func<GridSilo, Task<bool>> ask)
    {
        await Task.WhenAll(Running.Select(silo => Deadline.UntilAsync($"{what}, says {silo.Name}", () => ask(silo), Timeout, Tails)));
        return Stopwatch.GetTimestamp();
    }
}
