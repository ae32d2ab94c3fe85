using System.Collections.Immutable;
using System.Globalization;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Calico;

namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>From a set's change to the body of a request.</summary>
internal static class WritingPaths
{
    private const int MaxNetsPerObject = 500;

    public static IEnumerable<HotPath> Of(PodFleet fleet)
    {
        foreach (var nets in (int[])[10, 100, MaxNetsPerObject])
        {
            ImmutableArray<PodAddress> addresses = [.. fleet.Pods.Take(nets).Select(FleetBatches.AddressOf)];
            yield return Layout(addresses, FleetBatches.AddressOf(fleet.Pods[nets]));
            yield return Patch(fleet.Sets[0].Key, addresses);
        }
    }

    private static HotPath Layout(ImmutableArray<PodAddress> addresses, PodAddress another)
    {
        var layout = new ShardLayout(MaxNetsPerObject);
        layout.Reset(addresses, []);
        ImmutableArray<PodAddress>[] either = [[another], [addresses[0]]];
        var turn = 0;
        return new HotPath(Title("layout: an address replaced in a set", addresses), 1, () =>
        {
            layout.Apply(added: either[turn], removed: either[1 - turn]);
            layout.Touched.Clear();
            turn = 1 - turn;
        });
    }

    private static HotPath Patch(NetworkSetKey key, ImmutableArray<PodAddress> addresses)
    {
        var write = new NetworkSetWrite
        {
            Key = key,
            Shard = 0,
            Convention = NamingConvention.KubePolicySemaphore,
            ServiceId = "kube-policy-semaphore",
            Nets = addresses,
        };
        var seen = new NetworkSetObject { Name = write.ObjectName, Uid = Guid.NewGuid().ToString(), ResourceVersion = "4711" };
        using var first = NetworkSetBodies.Patch(write, seen);
        return new HotPath(Title("body: patch of an object", addresses), 1, () => NetworkSetBodies.Patch(write, seen).Dispose())
        {
            Bytes = first.Written.Length,
        };
    }

    private static string Title(string what, ImmutableArray<PodAddress> addresses) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} of {addresses.Length} nets");
}
