using System.Net;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Tests;

/// <summary>Entries of silos that do not exist.</summary>
internal static class TestEntry
{
    private static int _generation;

    public static MembershipEntry Create(SiloStatus status = SiloStatus.Joining)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var generation = Interlocked.Increment(ref _generation);
        return new MembershipEntry
        {
            SiloAddress = Address(generation),
            HostName = "host",
            SiloName = $"silo-{generation}",
            RoleName = "role",
            Status = status,
            ProxyPort = 30_000,
            StartTime = now,
            IAmAliveTime = now,
            SuspectTimes = [Tuple.Create(Address(generation + 1), now), Tuple.Create(Address(generation + 2), now.AddSeconds(1))],
        };
    }

    private static SiloAddress Address(int generation) => SiloAddress.New(IPAddress.Loopback, 11_111, generation);
}
