using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A silo that gets hardly any processor, while pods change.</summary>
public sealed class SlowSiloTests(ITestOutputHelper output)
{
    private static readonly TimeSpan SlowTime = TimeSpan.FromSeconds(40);

    // One twentieth of a processor, in turns too short for a probe to fail by one of them.
    private static readonly TimeSpan Still = TimeSpan.FromMilliseconds(190);
    private static readonly TimeSpan Running = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [RealApiServerFact]
    public async Task Silo_WithATwentiethOfAProcessor_SlowsNobodyElse()
    {
        await using var run = await ChaosRun.StartAsync(clusters: 6, local: null, ChaosRun.Silos);
        var others = (await run.WatchedByAsync("silo-0")).Concat(await run.WatchedByAsync("silo-2")).ToList();

        var slow = run.Grid.Silos["silo-1"];
        var from = run.Now;
        while (run.Now < from + SlowTime && !slow.HasExited)
        {
            await slow.FreezeAsync();
            await ChaosRun.GoOnAsync(Still);
            slow.Resume();
            await ChaosRun.GoOnAsync(Running);
        }

        var to = run.Now;
        // Too slow to answer probes it was declared dead, and has ended by itself.
        if (slow.HasExited)
            await run.Grid.RestartAsync("silo-1");
        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
        run.AssertLateness(others, from, to, ChaosRun.FailoverBound);
    }
}
