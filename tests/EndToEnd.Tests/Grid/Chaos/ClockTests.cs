using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>A silo whose clock is wrong, and is set, while pods change.</summary>
public sealed class ClockTests(ITestOutputHelper output)
{
    private const string Silo = "silo-1";

    private static readonly TimeSpan Off = TimeSpan.FromMinutes(10);

    // The others look at the heartbeats that a silo writes by its clock every ten seconds, and read them every twenty.
    private static readonly TimeSpan WrongTime = TimeSpan.FromSeconds(45);

    [FakeTimeFact]
    public async Task Silo_WithAWrongClock_StaysAMemberAndTellsIt()
    {
        var clock = SetClock.Create(Off);
        await using var run = await ChaosRun.StartAsync(clusters: 6, Silo, clock, ChaosRun.Silos);
        var members = await MembersAsync(run);

        await IsOffByAsync(run, Off);
        await ChaosRun.GoOnAsync(WrongTime);
        clock.Set(-Off);
        await IsOffByAsync(run, -Off);
        await ChaosRun.GoOnAsync(WrongTime);
        clock.Set(TimeSpan.Zero);
        await run.Grid.Silos[Silo].WaitForLogAsync("clock agrees with the local API server's again");

        Assert.Equal(ChaosRun.Silos.Length, members.Count);
        Assert.Equal(members, await MembersAsync(run));
        await run.WaitForSharesAsync(ChaosRun.Silos);
        output.WriteLine(await run.EndAsync(ChaosRun.FailoverBound, right: ChaosRun.FailoverBound));
    }

    private static async Task IsOffByAsync(ChaosRun run, TimeSpan offset)
    {
        var silo = run.Grid.Silos[Silo];
        await silo.WaitForLogAsync(offset < TimeSpan.Zero ? "clock is -" : "clock is 10m", "ahead of the local API server's");
        await silo.WaitForAsync($"the clock is off by {offset}", async () =>
            await silo.MetricAsync("kps_clock_skew_seconds") is { } seconds && Math.Abs(seconds - offset.TotalSeconds) < 5);
    }

    /// <summary>Addresses of the active members: a silo that was declared dead comes back with another one.</summary>
    private static async Task<IReadOnlyList<string>> MembersAsync(ChaosRun run) =>
    [
        .. (await run.Grid.MembershipAsync())["status"]!["members"]!.AsObject()
            .Where(member => member.Value!["status"]!.GetValue<string>() == "Active").Select(member => member.Key).Order(StringComparer.Ordinal),
    ];
}
