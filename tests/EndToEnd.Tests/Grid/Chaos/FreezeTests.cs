using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A silo that stands still while pods change, and then goes on with what it knew before.</summary>
public sealed class FreezeTests(ITestOutputHelper output)
{
    [RealApiServerFact]
    public async Task Silo_ThatStandsStillUnderChurn_WritesNothingOldWhenItGoesOn()
    {
        await using var run = await ChaosRun.StartAsync(clusters: 6, local: null, ChaosRun.Silos);

        foreach (var (silo, time) in new[] { ("silo-1", TimeSpan.FromSeconds(30)), ("silo-2", TimeSpan.FromSeconds(90)) })
        {
            var frozen = run.Grid.Silos[silo];
            await frozen.FreezeAsync();
            await ChaosRun.GoOnAsync(time);
            frozen.Resume();
            // The others have long declared it dead: it ends by itself, and Kubernetes starts it anew.
            await frozen.WaitForExitAsync();
            await run.Grid.RestartAsync(silo);
            await run.WaitForSharesAsync(ChaosRun.Silos);
        }

        output.WriteLine(await run.EndAsync(ChaosRun.FailoverBound, right: ChaosRun.FailoverBound));
    }
}
