using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos that come and go in good order, while pods change: nobody should notice.</summary>
public sealed class ReplacementTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    [RealApiServerFact]
    public async Task Silos_ReplacedOneAfterAnother_HandOverWithoutAGap()
    {
        await using var run = await ChaosRun.StartAsync(clusters: 6, local: null, ChaosRun.Silos);

        foreach (var silo in ChaosRun.Silos)
        {
            Assert.Equal(0, await run.Grid.Silos[silo].TerminateAsync());
            await run.Grid.RestartAsync(silo);
        }

        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }

    [RealApiServerFact]
    public async Task Silo_ThatJoinsABusyGrid_TakesItsShareWithoutAGap()
    {
        await using var run = await ChaosRun.StartAsync(clusters: 6, local: null, ChaosRun.Silos[0], ChaosRun.Silos[1]);

        await run.Grid.StartAsync(ChaosRun.Silos[2]);
        await run.WaitForSharesAsync(ChaosRun.Silos);

        await ChaosRun.GoOnAsync(Bound);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }
}
