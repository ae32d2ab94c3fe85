using KubePolicySemaphore.Interfaces.Status;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Answer of <c>/api/v1/clusters</c>.</summary>
internal sealed record ClustersAnswer(IReadOnlyList<ClusterStatus> Clusters, ConfigurationAnswer Config);

/// <summary>How the answering silo's configuration stands.</summary>
internal sealed record ConfigurationAnswer(bool Valid, string? Error, DateTimeOffset Loaded);
