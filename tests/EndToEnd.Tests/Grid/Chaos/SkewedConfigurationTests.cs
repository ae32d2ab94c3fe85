using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos that see a changed configuration file at different times, while pods change.</summary>
public sealed class SkewedConfigurationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan SkewTime = TimeSpan.FromSeconds(30);

    // The silo without the entry may be given the watcher; it moves on with the first call of one that has the entry.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [RealApiServerFact]
    public async Task Silos_OfWhichOneHasTheOldFile_KeepTheSetsOfTheClusterThatOnlyTheOtherHas()
    {
        await using var run = await ChaosRun.CreateAsync(clusters: 4);
        var world = run.Grid.World;
        // Without a grace period what one silo thinks has left would go at once.
        var entries = await Task.WhenAll(run.Clusters.Select(cluster => cluster.EntryAsync()));
        var old = world.PathOf("config-old.yaml");
        await File.WriteAllTextAsync(old, world.ConfigText("removalGracePeriod: 0s", entries[..^1]));
        await world.ConfigureAsync("removalGracePeriod: 0s", entries);
        await run.Grid.StartSiloAsync("silo-0");
        await run.Grid.StartSiloAsync("silo-1", $"--config={old}");
        await run.Grid.WaitUntilReadyAsync("silo-0", "silo-1");
        run.Churn.Start();

        await ChaosRun.GoOnAsync(SkewTime);
        File.Copy(world.ConfigFile, old + ".new");
        File.Move(old + ".new", old, overwrite: true);

        await run.WaitForSharesAsync("silo-0", "silo-1");
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }
}
