using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>The local API server, which is membership store and write target at once, goes away under a grid that is busy.</summary>
public sealed class ApiOutageTests(ITestOutputHelper output)
{
    // Right within a minute after the fault ends.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [RealApiServerFact]
    public async Task LocalApi_RestartedUnderChurn_LosesNoSiloAndNoAddress()
    {
        await using var local = await RealApiServers.Shared.StartPrivateAsync(new("local-restarted"));
        await using var run = await ChaosRun.StartAsync(clusters: 6, local, ChaosRun.Silos);

        await run.ExcuseAsync(async () =>
        {
            await local.StopAsync();
            await local.StartAsync();
        });
        await run.WaitForSharesAsync(ChaosRun.Silos);
        await run.ExcuseAsync(async () =>
        {
            await local.KillAsync();
            await local.StartAsync();
        });

        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
        Assert.All(run.Grid.Silos.Values, silo => Assert.False(silo.HasExited));
    }
}
