using System.Text.Json.Nodes;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;

namespace KubePolicySemaphore.EndToEnd.Tests.Ownership;

/// <summary>What somebody edits on our objects is repaired; what is not ours stays.</summary>
[Collection(StandingWorld.Collection)]
public sealed class DriftTests(StandingWorld standing)
{
    // FAULTS, F32.
    private static readonly TimeSpan RepairLimit = TimeSpan.FromSeconds(5);

    private readonly World _world = standing.World;
    private readonly RemoteCluster _blue = standing.Blue;

    [RealApiServerTheory]
    [InlineData("10.0.0.1/32", "192.168.0.1/32")]
    [InlineData("192.168.0.0/16")]
    [InlineData("10.0.0.1/24")]
    [InlineData("10.0.0.1/32", "10.0.0.1/32")]
    [InlineData("10.0.0.1")]
    [InlineData("nonsense", "10.0.0.1/32")]
    public async Task Nets_Edited_AreRepaired(params string[] edited)
    {
        var (_, name) = await NewSetAsync();
        var repairs = await RepairsAsync();

        await _world.NetworkSets.SetNetsAsync(name, edited);

        await _world.WaitForNetsAsync(RepairLimit, name, "10.0.0.1/32");
        Assert.True(await RepairsAsync() > repairs, "kps_drift_repairs_total did not grow");
    }

    [RealApiServerFact]
    public async Task Object_Deleted_IsWrittenAgain()
    {
        var (_, name) = await NewSetAsync();

        await _world.NetworkSets.DeleteAsync(name);

        await _world.WaitForNetsAsync(RepairLimit, name, "10.0.0.1/32");
    }

    [RealApiServerTheory]
    [InlineData("name", null)]
    [InlineData("namespace", null)]
    [InlineData("remote-cluster-name", null)]
    [InlineData("name", "other")]
    [InlineData("namespace", "other")]
    [InlineData("remote-cluster-name", "other")]
    public async Task Label_RemovedOrEdited_IsRepaired(string label, string? value)
    {
        var (_, name) = await NewSetAsync();
        var labels = NetworkSets.LabelsOf(await _world.NetworkSets.GetAsync(name));

        await _world.NetworkSets.PatchAsync(name, Metadata("labels", label, value));

        await _world.Program.DescribedAsync(_world.NetworkSets.WaitForAsync(
            name, $"{label}={labels[label]}", item => NetworkSets.LabelsOf(item).GetValueOrDefault(label) == labels[label], RepairLimit));
    }

    [RealApiServerFact]
    public async Task Mark_Removed_IsRepaired()
    {
        var (_, name) = await NewSetAsync();

        await _world.NetworkSets.PatchAsync(name, Metadata("annotations", "kube-policy-semaphore/owner", null));

        await _world.Program.DescribedAsync(_world.NetworkSets.WaitForAsync(
            name, "our mark", item => NetworkSets.AnnotationsOf(item).GetValueOrDefault("kube-policy-semaphore/owner") == _world.ServiceId, RepairLimit));
    }

    [RealApiServerFact]
    public async Task ManagedBy_Stripped_LeavesTheObjectToWhoeverDidIt()
    {
        var (shop, name) = await NewSetAsync();

        var stripped = await _world.NetworkSets.PatchAsync(name, Metadata("labels", "managed-by", null));
        await RefusedAsync(1);
        await _blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await _blue.RunAsync(shop, "marker", "marker", "10.0.0.200");
        await _world.WaitForNetsAsync(_blue.ObjectOf(shop, "marker"), "10.0.0.200/32");
        Assert.Equal(NetworkSets.VersionOf(stripped), NetworkSets.VersionOf(await _world.NetworkSets.GetAsync(name)));

        await _world.NetworkSets.DeleteAsync(name);
        await _world.WaitForNetsAsync(TimeSpan.FromSeconds(60), name, "10.0.0.1/32", "10.0.0.2/32");
        await RefusedAsync(0);
    }

    [RealApiServerFact]
    public async Task Foreign_LabelsAnnotationsAndFinalizers_SurviveWrites()
    {
        var (shop, name) = await NewSetAsync();
        const string Metadata = """{"uid":"5f2c","creationTimestamp":"2026-01-02T03:04:05Z"}""";
        await _world.NetworkSets.PatchAsync(name, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = new JsonObject { ["team"] = "payments" },
                ["annotations"] = new JsonObject { ["projectcalico.org/metadata"] = Metadata, ["note"] = "kept" },
                ["finalizers"] = new JsonArray("example.com/kept"),
            },
        });

        await _blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32", "10.0.0.2/32");

        var written = await _world.NetworkSets.GetAsync(name);
        Assert.Equal("payments", NetworkSets.LabelsOf(written)["team"]);
        Assert.Equal((Metadata, "kept"), (NetworkSets.AnnotationsOf(written)["projectcalico.org/metadata"], NetworkSets.AnnotationsOf(written)["note"]));
        Assert.Equal("example.com/kept", written["metadata"]!["finalizers"]!.AsArray().Single()!.GetValue<string>());
    }

    [RealApiServerFact]
    public async Task Set_WithAFinalizerOnItsObject_GoesOnceItIsReleasedAndComesBack()
    {
        var (shop, name) = await NewSetAsync();
        await _world.NetworkSets.PatchAsync(name, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/held") } });
        await _blue.Server.Admin.DeletePodAsync(_blue.Pod(shop, "web-0", "web"));
        await _world.NetworkSets.WaitForAsync(name, "deletionTimestamp", item => item["metadata"]!["deletionTimestamp"] is not null);

        await _blue.RunAsync(shop, "web-1", "web", "10.0.0.2");
        await _world.NetworkSets.PatchAsync(name, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });

        await _world.Program.DescribedAsync(_world.NetworkSets.WaitForAsync(name, "10.0.0.2/32 in a new object",
            item => item["metadata"]!["deletionTimestamp"] is null && NetworkSets.NetsOf(item).SequenceEqual(["10.0.0.2/32"])));
    }

    private async Task<(string Shop, string Name)> NewSetAsync()
    {
        var shop = await _blue.CreateNamespaceAsync();
        var name = _blue.ObjectOf(shop, "web");
        await _blue.RunAsync(shop, "web-0", "web", "10.0.0.1");
        await _world.WaitForNetsAsync(name, "10.0.0.1/32");
        return (shop, name);
    }

    private async Task<double> RepairsAsync() =>
        await _world.Program.MetricAsync("kps_drift_repairs_total", ("remote_cluster", _blue.Name)) ?? double.NaN;

    private Task RefusedAsync(double count) =>
        _world.Program.WaitForMetricAsync("kps_nets_refused", count, ("remote_cluster", _blue.Name), ("reason", "ForeignObject"));

    private static JsonObject Metadata(string field, string key, string? value) =>
        new() { ["metadata"] = new JsonObject { [field] = new JsonObject { [key] = value } } };
}
