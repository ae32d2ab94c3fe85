using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Commands;

/// <summary>What <c>check</c> tells of the kind that holds the membership, and of the rights on it.</summary>
public sealed class MembershipCheckTests : IAsyncLifetime
{
    private const string Kind = "orleansclusters.kube-policy-semaphore.io";

    private World _world = null!;

    /// <summary>On a server of its own: on the shared one other tests need what is missing here.</summary>
    public async Task InitializeAsync()
    {
        _world = await World.CreateAsync(await RealApiServers.Shared.StartPrivateAsync(new RealApiServerOptions("membership-check")));
        await _world.ConfigureAsync("");
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _world.Local.DisposeAsync();
    }

    [RealApiServerFact]
    public async Task Check_OfAGridInKubernetes_TellsWhatTheMembershipLacks()
    {
        await using (var withoutKind = await CheckAsync("kubernetes"))
        {
            Assert.Equal(1, withoutKind.ExitCode);
            Assert.Contains(Kind, Assert.Single(Failures(withoutKind)), StringComparison.Ordinal);
            Assert.Contains("membership-crd.yaml", withoutKind.Output.ToString(), StringComparison.Ordinal);
        }

        await ShippedRoles.ApplyMembershipAsync(_world.Local);
        await using (var shipped = await CheckAsync("kubernetes"))
        {
            Assert.Equal((0, ""), (shipped.ExitCode, shipped.Error.ToString()));
            Assert.Contains($"may patch {Kind} in {ShippedRoles.Namespace}", shipped.Output.ToString(), StringComparison.Ordinal);
        }

        await _world.Local.Admin.KubectlAsync(null, "delete", "rolebinding", "kube-policy-semaphore-membership", "-n", ShippedRoles.Namespace);
        await using (var withoutRights = await CheckAsync("kubernetes"))
        {
            Assert.Equal(1, withoutRights.ExitCode);
            Assert.Equal(
                ["get", "create", "patch"],
                Failures(withoutRights).Select(line => line.Split(" may ")[1].Split($" {Kind} in {ShippedRoles.Namespace}: not allowed")[0]));
        }

        // One silo needs none of it.
        await using var single = await CheckAsync("local");
        Assert.Equal((0, ""), (single.ExitCode, single.Error.ToString()));
        Assert.DoesNotContain(Kind, single.Output.ToString(), StringComparison.Ordinal);
    }

    private Task<ChildProcess> CheckAsync(string clustering) => _world.RunAsync(
        "check", [$"--clustering={clustering}"], new Dictionary<string, string?> { ["POD_NAMESPACE"] = ShippedRoles.Namespace });

    private static IEnumerable<string> Failures(ChildProcess check) =>
        check.Output.Snapshot().Where(line => line.StartsWith("FAIL", StringComparison.Ordinal));
}
