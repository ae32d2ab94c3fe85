using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Calico;

/// <summary>The floor of an initial sync: a client that knows all objects beforehand and creates them, 16 in flight.</summary>
internal static class BareSync
{
    public const int InFlight = 16;

    public static async Task CreateAsync(RealApiServer local, PodFleet fleet, CancellationToken cancellationToken)
    {
        using var client = new BareClient(local);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(fleet.Sets, parallel, async (set, token) =>
            await client.PostAsync(CalicoApi.Crd.Path, ManifestOf(set), token));
    }

    private static JsonObject ManifestOf(FleetSet set) => new()
    {
        ["apiVersion"] = CalicoApi.Crd.GroupVersion,
        ["kind"] = "GlobalNetworkSet",
        ["metadata"] = new JsonObject
        {
            ["name"] = set.ObjectName,
            ["labels"] = new JsonObject(NamingConvention.KubePolicySemaphore.Labels(set.Key)
                .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            ["annotations"] = new JsonObject { [NamingConvention.OwnerAnnotation] = "kube-policy-semaphore" },
        },
        ["spec"] = new JsonObject { ["nets"] = new JsonArray([.. set.Nets.Select(net => JsonValue.Create(net))]) },
    };
}
