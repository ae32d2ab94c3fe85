using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos that die without a word, while pods change.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clusters = 6;

    private static readonly TimeSpan KillPeriod = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [RealApiServerFact]
    public async Task Silos_KilledOneAfterAnother_LoseNothingAndKeepNothingDead()
    {
        await using var run = await ChaosRun.StartAsync(Clusters, local: null, ChaosRun.Silos);

        for (var kill = 0; kill < ChaosSettings.Kills; kill++)
        {
            var next = ChaosRun.GoOnAsync(KillPeriod);
            var silo = ChaosRun.Silos[kill % ChaosRun.Silos.Length];
            await run.Grid.Silos[silo].KillAsync();
            await run.Grid.RestartAsync(silo);
            await next;
        }

        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }

    [RealApiServerFact]
    public async Task Silos_KilledAllAtOnceAndStartedAtTheirAddresses_WriteWhatHasChangedOnly()
    {
        await using var run = await ChaosRun.StartAsync(Clusters, local: null, ChaosRun.Silos);

        await run.ExcuseAsync(async () =>
        {
            await Task.WhenAll(ChaosRun.Silos.Select(silo => run.Grid.Silos[silo].KillAsync()));
            await run.Grid.RestartAsync(ChaosRun.Silos);
            await run.WaitForSharesAsync(ChaosRun.Silos);
        });

        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }
}
