using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using Xunit.Abstractions;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>The membership object goes, or is filled with nonsense, while pods change.</summary>
public sealed class LostMembershipTests(ITestOutputHelper output)
{
    // By then every silo has read the table anew.
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [RealApiServerFact]
    public async Task Membership_DeletedAndThenFilledWithGarbage_TouchesNoSet()
    {
        await using var run = await ChaosRun.StartAsync(clusters: 6, local: null, ChaosRun.Silos);
        var admin = run.Grid.World.Local.Admin;

        await admin.DeleteAsync(run.Grid.MembershipPath);
        await FormsAgainAsync(run);
        await ChaosRun.GoOnAsync(TableRefresh);
        await admin.PatchAsync(run.Grid.MembershipPath, Garbage(await run.Grid.MembershipAsync()));
        await FormsAgainAsync(run);
        await ChaosRun.GoOnAsync(TableRefresh);

        output.WriteLine(await run.EndAsync(Bound, right: Bound));
    }

    /// <summary>Every silo is a member again, if need be once it has been started anew.</summary>
    private static async Task FormsAgainAsync(ChaosRun run)
    {
        await Deadline.UntilAsync("the membership has all silos", async () =>
        {
            foreach (var silo in ChaosRun.Silos.Where(silo => run.Grid.Silos[silo].HasExited))
                await run.Grid.RestartAsync(silo);
            var membership = await run.Grid.World.Local.Admin.TryGetAsync(run.Grid.MembershipPath);
            var rows = (membership?["status"]?["members"]?.AsObject() ?? []).Select(member => member.Value!.AsObject()).ToList();
            return ChaosRun.Silos.All(silo => rows.Any(row => row["silo"]?.GetValue<string>() == silo && row["status"]?.GetValue<string>() == "Active"));
        }, Bound);
        await run.WaitForSharesAsync(ChaosRun.Silos);
    }

    /// <summary>Takes all members away, and leaves one that is none.</summary>
    private static JsonObject Garbage(JsonObject membership)
    {
        var members = membership["status"]!["members"]!.AsObject();
        var garbage = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)null)))
        {
            ["garbage"] = members.First().Value!.DeepClone(),
        };
        return new() { ["status"] = new JsonObject { ["members"] = garbage, ["version"] = 0 } };
    }
}
