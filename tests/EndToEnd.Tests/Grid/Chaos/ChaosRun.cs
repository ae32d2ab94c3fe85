using System.Net;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A grid whose remote clusters change all the time, with all that it writes on record, and how every scenario ends.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    // A grid that is right has nothing to write: any resync or repair that goes round in circles would show in this time.
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private readonly RunClock _clock = new();
    private readonly Truth _truth = new();
    private readonly List<FaultWindow> _windows = [];
    private readonly Dictionary<string, SiloLinks> _links = [];
    private GridRecord _record = null!;

    private ChaosRun(GridWorld grid, int seed)
    {
        Grid = grid;
        Seed = seed;
        Churn = new(_truth, _clock, seed);
    }

    /// <summary>Names of the silos of a whole grid.</summary>
    public static string[] Silos { get; } = ["silo-0", "silo-1", "silo-2"];

    /// <summary>
    /// How long an address may stay when a silo has failed: three seconds until the others know, then a list of its clusters.
    /// The rest is for a busy machine.
    /// </summary>
    public static TimeSpan FailoverBound { get; } = TimeSpan.FromSeconds(20);

    public GridWorld Grid { get; }

    public Churn Churn { get; }

    public int Seed { get; }

    public IReadOnlyList<RemoteCluster> Clusters { get; private set; } = [];

    public TimeSpan Now => _clock.Now;

    /// <summary>A run on the shared local cluster, or on one of the test's own; nothing is started yet.</summary>
    public static async Task<ChaosRun> CreateAsync(int clusters, RealApiServer? local = null)
    {
        var run = new ChaosRun(await GridWorld.CreateAsync(local), ChaosSettings.Seed());
        var world = run.Grid.World;
        var remotes = new List<RemoteCluster>();
        for (var i = 0; i < clusters; i++)
            remotes.Add(await world.AddClusterAsync($"c{i}", i % 2 == 0 ? "remote-a" : "remote-b"));
        run.Clusters = remotes;
        run._record = await GridRecord.StartAsync(
            world.Local, world.NetworkSets.Api, run._clock, [.. remotes.Select(remote => remote.Name)]);
        foreach (var remote in remotes)
            await run.Churn.AddAsync(remote);
        await world.ConfigureAsync("", [.. await Task.WhenAll(remotes.Select(remote => remote.EntryAsync()))]);
        return run;
    }

    /// <summary>A run with silos that share the clusters evenly, and with pods that change already.</summary>
    public static Task<ChaosRun> StartAsync(int clusters, RealApiServer? local, params string[] silos) =>
        StartAsync(clusters, local, silos, run => run.Grid.StartAsync(silos));

    /// <summary>As <see cref="StartAsync(int, RealApiServer?, string[])"/>, each silo with its own ways to the API servers.</summary>
    public static Task<ChaosRun> StartLinkedAsync(int clusters, RealApiServer? local, params string[] silos) =>
        StartAsync(clusters, local, silos, async run =>
        {
            foreach (var silo in silos)
                await run.Grid.StartSiloAsync(silo, (await run.LinkAsync(silo)).ConfigFlag);
            await run.Grid.WaitUntilReadyAsync(silos);
        });

    /// <summary>As <see cref="StartAsync(int, RealApiServer?, string[])"/>, one silo with a clock of its own.</summary>
    public static Task<ChaosRun> StartAsync(int clusters, string silo, SetClock clock, params string[] silos) =>
        StartAsync(clusters, local: null, silos, run =>
        {
            run.Grid.Variables[silo] = clock.Variables;
            return run.Grid.StartAsync(silos);
        });

    /// <summary>Makes the ways of a silo that is not started yet.</summary>
    public async Task<SiloLinks> LinkAsync(string silo, IPAddress? address = null) =>
        _links[silo] = await SiloLinks.CreateAsync(Grid.World, silo, Clusters, address);

    /// <summary>The ways of a silo.</summary>
    public SiloLinks LinksOf(string silo) => _links[silo];

    /// <summary>Lets the churn go on for so long, while the fault does.</summary>
    public static Task GoOnAsync(TimeSpan time) => Task.Delay(time, TimeProvider.System);

    /// <summary>Something during which nobody could read or write: no bound runs out in it.</summary>
    public async Task ExcuseAsync(Func<Task> fault)
    {
        var from = Now;
        await fault();
        _windows.Add(new(from, Now));
    }

    /// <summary>
    /// Ends the churn; then Calico must come to equal the truth, stay unwritten, and still follow. What was written all along
    /// must have been right.
    /// </summary>
    /// <param name="bound">The longest that an address may stay, or come back, after its pod is gone.</param>
    /// <param name="right">Within which Calico must equal the truth after the last change.</param>
    /// <param name="flips">How often a set may take back an address that had left it.</param>
    /// <param name="landing">When writes of a silo that had ended could land.</param>
    /// <returns>What was seen, for the test's output.</returns>
    public async Task<string> EndAsync(TimeSpan bound, TimeSpan right, int flips = 0, TimeSpan? landing = null)
    {
        await Churn.StopAsync();
        var stopped = Now;
        // Once each cluster's last pod is there, all changes before it have been read.
        await Churn.MarkAsync();
        var known = await WaitUntilEqualAsync(right);
        var equal = Now;
        if (await _record.NextAsync(known, QuietTime) is { } write)
            Fail($"All was right, and then it wrote: {write}", []);
        await Churn.MarkAsync();
        await WaitUntilEqualAsync(NetworkSets.Limit);

        var verdict = new GridVerdict(_truth, _record.Writes);
        string[] violations =
        [
            .. verdict.Overdue(bound, _windows, landing), .. verdict.Missing(), .. verdict.Torn(), .. verdict.Emptied(), .. verdict.Needless(),
            .. verdict.Flipping(flips),
        ];
        if (violations.Length > 0)
            Fail($"{violations.Length} violations in {_record.Writes.Count} writes of {Churn.Changes} changes", violations);
        return $"Seed {Seed}: {Churn.Changes} changes in {stopped}, {known} writes; equal {equal - stopped} after the last change; "
            + $"longest stay of an address that had left {verdict.LongestOverstay(_windows)}";
    }

    /// <summary>The clusters that a silo watches now.</summary>
    public async Task<IReadOnlyList<string>> WatchedByAsync(string silo) =>
        [.. (await GridWorld.WatchersAsync(Grid.Any)).Where(pair => pair.Value == silo).Select(pair => pair.Key)];

    /// <summary>Judges by a tighter bound what left the sets of some clusters in some time.</summary>
    public void AssertLateness(IReadOnlyCollection<string> clusters, TimeSpan from, TimeSpan to, TimeSpan bound)
    {
        var late = new GridVerdict(_truth, _record.Writes)
            .Late(bound, stay => stay.Left >= from && stay.Left <= to && clusters.Any(cluster => stay.Address.Object.StartsWith($"{cluster}-", StringComparison.Ordinal)))
            .ToArray();
        if (late.Length > 0)
            Fail("late in the clusters of other silos", late);
    }

    /// <summary>Waits until every cluster is in sync and each of these silos watches its share.</summary>
    public Task WaitForSharesAsync(params string[] silos) => Grid.WaitForSharesAsync(Clusters.Count / silos.Length, silos);

    public async ValueTask DisposeAsync()
    {
        await Churn.DisposeAsync();
        await _record.DisposeAsync();
        await Grid.DisposeAsync();
        foreach (var links in _links.Values)
            await links.DisposeAsync();
    }

    private static async Task<ChaosRun> StartAsync(int clusters, RealApiServer? local, string[] silos, Func<ChaosRun, Task> start)
    {
        var run = await CreateAsync(clusters, local);
        try
        {
            await start(run);
            await run.WaitForSharesAsync(silos);
        }
        catch
        {
            // Its silos would disturb the tests that follow.
            await run.DisposeAsync();
            throw;
        }

        run.Churn.Start();
        return run;
    }

    /// <summary>Answers how many writes it took.</summary>
    private async Task<int> WaitUntilEqualAsync(TimeSpan limit)
    {
        var known = 0;
        await Deadline.UntilAsync("Calico equals the truth", () =>
        {
            var writes = _record.Writes;
            known = writes.Count;
            // A pod that came and went may leave the nets as they are for a moment, with both writes still to come.
            return Task.FromResult(Differences().Length == 0 && (known == 0 || Now - writes[^1].At >= Settling));
        }, limit, () => Explain(Differences()));
        return known;
    }

    private string[] Differences()
    {
        var (wanted, found) = (_truth.Current, _record.Current);
        return
        [
            .. wanted.Where(set => !found.TryGetValue(set.Key, out var nets) || !nets.SetEquals(set.Value))
                .Select(set => $"{set.Key} should be [{string.Join(' ', set.Value)}], it is [{string.Join(' ', found.GetValueOrDefault(set.Key) ?? new HashSet<string>())}]"),
            .. found.Keys.Except(wanted.Keys).Select(name => $"{name} should not be"),
        ];
    }

    private void Fail(string what, string[] lines) => Assert.Fail($"{what}\n{Explain(lines)}");

    private string Explain(string[] lines) =>
        $"Seed {Seed}, now {Now}. {string.Join('\n', lines.Take(20))}\n"
        + Grid.Tails();
}
