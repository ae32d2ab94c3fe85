using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos that die without a word, while pods change.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clusters = 6;

    private static readonly TimeSpan KillPeriod = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private static readonly string[] Silos = ["silo-0", "silo-1", "silo-2"];

    [RealApiServerFact]
    public async Task Silos_KilledOneAfterAnother_LoseNothingAndKeepNothingDead()
    {
        await using var run = await ChaosRun.StartAsync(Clusters, local: null, Silos);

        for (var kill = 0; kill < ChaosSettings.Kills; kill++)
        {
            var next = ChaosRun.GoOnAsync(KillPeriod);
            var silo = Silos[kill % Silos.Length];
            await run.Grid.Silos[silo].KillAsync();
            await run.Grid.RestartAsync(silo);
            await next;
        }

        await run.WaitForSharesAsync(Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }

    [RealApiServerFact]
    public async Task Silos_KilledAllAtOnceAndStartedAtTheirAddresses_WriteWhatHasChangedOnly()
    {
        await using var run = await ChaosRun.StartAsync(Clusters, local: null, Silos);

        await run.ExcuseAsync(async () =>
        {
            await Task.WhenAll(Silos.Select(silo => run.Grid.Silos[silo].KillAsync()));
            await run.Grid.RestartAsync(Silos);
            await run.WaitForSharesAsync(Silos);
        });

        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }
}
