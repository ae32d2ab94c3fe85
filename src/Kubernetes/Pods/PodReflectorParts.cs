using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>What a reflector works with.</summary>
internal sealed record PodReflectorParts(
    ClusterOptions Cluster, TimeSpan ResyncPeriod, ApiServerConnection Connection, ListSlots Slots, TimeProvider Time, Random Random, ReflectorLog Log);
