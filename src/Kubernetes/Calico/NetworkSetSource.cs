using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Where the objects are read from, and by which clock and chance.</summary>
internal sealed record NetworkSetSource(ApiServerConnection Connection, CalicoApiDiscovery Discovery, TimeProvider Time, Random Random);
