using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos that do not reach each other, but all the API servers, while pods change.</summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int AllowedFlips = 2;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [NetworkNamespaceFact]
    public async Task Silo_CutOffFromTheOthersButNotFromTheApis_WritesNothingWrong()
    {
        await using var run = await ChaosRun.CreateAsync(clusters: 6);
        await using var between = await NetworkNamespace.CreateSwitchAsync();
        var networks = new List<NetworkNamespace>();
        try
        {
            foreach (var silo in ChaosRun.Silos)
            {
                var network = await NetworkNamespace.CreateAtAsync(between);
                networks.Add(network);
                var links = await run.LinkAsync(silo, network.Outside);
                await run.Grid.StartSiloAsync(silo, OperatorPlace.New(network), links.ConfigFlag, $"--advertised-address={network.AtSwitch}");
            }

            await run.Grid.WaitUntilReadyAsync(ChaosRun.Silos);
            await run.WaitForSharesAsync(ChaosRun.Silos);
            run.Churn.Start();

            await networks[2].UnplugAsync(between);
            await ChaosRun.GoOnAsync(ChaosSettings.Partition);
            await networks[2].PlugInAsync(between);

            // Declared dead it has ended by itself.
            await run.Grid.Silos["silo-2"].WaitForExitAsync();
            await run.Grid.RestartAsync("silo-2");
            await run.WaitForSharesAsync(ChaosRun.Silos);
            output.WriteLine(await run.EndAsync(Bound, right: Bound, AllowedFlips));
        }
        finally
        {
            foreach (var network in networks)
                await network.DisposeAsync();
        }
    }
}
