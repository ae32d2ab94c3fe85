using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>A set and the pods in it.</summary>
internal sealed record FleetSet(NetworkSetKey Key, IReadOnlyList<TestPod> Pods)
{
    public string ObjectName => NamingConvention.ObjectName(Key);

    public IEnumerable<string> Nets => Pods.Select(pod => $"{pod.Addresses[0]}/32").Order(StringComparer.Ordinal);
}
