using System.Net;
using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>Silos of which one no longer reaches what the others do, while pods change.</summary>
public sealed class LinkTests(ITestOutputHelper output)
{
    private static readonly TimeSpan FaultTime = TimeSpan.FromSeconds(60);

    // Right within a minute after the fault ends.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [RealApiServerFact]
    public async Task Silos_OneWithoutTheLocalApiAndOneWithoutTheRemotes_TellAndWipeNothing()
    {
        await using var run = await ChaosRun.StartLinkedAsync(clusters: 6, local: null, ChaosRun.Silos);
        var unlucky = await run.WatchedByAsync("silo-2");

        await run.ExcuseAsync(async () =>
        {
            var over = ChaosRun.GoOnAsync(FaultTime);
            run.LinksOf("silo-1").Local.Cut();
            run.LinksOf("silo-2").CutRemotes();
            await run.Grid.Silos["silo-1"].WaitForAsync("the silo without the local API is not ready", async () =>
                (await run.Grid.Silos["silo-1"].GetAsync(new Uri(run.Grid.Silos["silo-1"].Health, "/readyz"))).Status == HttpStatusCode.ServiceUnavailable);
            foreach (var cluster in unlucky)
                await run.Grid.Silos["silo-0"].WaitForStateAsync(cluster, "Unreachable");
            await over;
            run.LinksOf("silo-1").Local.Restore();
            run.LinksOf("silo-2").RestoreRemotes();
        });

        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
        Assert.All(run.Grid.Silos.Values, silo => Assert.False(silo.HasExited));
    }

    [RealApiServerFact]
    public async Task Silo_ThatDiesWhileTheLocalApiIsAway_IsReplacedOnceItIsBack()
    {
        await using var run = await ChaosRun.StartLinkedAsync(clusters: 6, local: null, ChaosRun.Silos);

        await run.ExcuseAsync(async () =>
        {
            foreach (var silo in ChaosRun.Silos)
                run.LinksOf(silo).Local.Cut();
            await run.Grid.Silos["silo-1"].KillAsync();
            await ChaosRun.GoOnAsync(FaultTime);
            foreach (var silo in ChaosRun.Silos)
                run.LinksOf(silo).Local.Restore();
        });

        await run.WaitForSharesAsync("silo-0", "silo-2");
        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }

    [RealApiServerFact]
    public async Task Silo_WhoseWriteHangsWhenItIsToldToLeave_EndsInTimeAndLosesNothing()
    {
        await using var run = await ChaosRun.StartLinkedAsync(clusters: 6, local: null, ChaosRun.Silos);

        var local = run.LinksOf("silo-1").Local;
        local.Pause();
        // Long enough for a write to be under way.
        await ChaosRun.GoOnAsync(TimeSpan.FromSeconds(1));
        // It cannot tell that it leaves, and ends all the same before Kubernetes would kill it.
        Assert.Equal(1, await run.Grid.Silos["silo-1"].TerminateAsync());
        await run.Grid.Silos["silo-0"].WaitForAsync("the others have its clusters", async () =>
            !(await GridWorld.WatchersAsync(run.Grid.Silos["silo-0"])).ContainsValue("silo-1"));
        // What it sent lies on the way. An update lands only where the set has not been written since; a create has no such fence.
        var restored = run.Now;
        local.Restore();

        await run.WaitForSharesAsync("silo-0", "silo-2");
        output.WriteLine(await run.EndAsync(ChaosRun.FailoverBound, right: ChaosRun.FailoverBound, landing: restored));
    }
}
