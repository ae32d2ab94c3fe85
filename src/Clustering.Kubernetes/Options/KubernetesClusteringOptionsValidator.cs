using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes;

/// <summary>Reports all faults at once, before anything starts.</summary>
internal sealed class KubernetesClusteringOptionsValidator(
    IOptions<KubernetesClusteringOptions> options, IOptions<ClusterOptions> cluster) : IConfigurationValidator
{
    /// <exception cref="OrleansConfigurationException">The options cannot be used.</exception>
    public void ValidateConfiguration()
    {
        var faults = Faults(options.Value, cluster.Value).ToList();
        if (faults.Count > 0)
            throw new OrleansConfigurationException($"{nameof(KubernetesClusteringOptions)}: {string.Join(" ", faults)}");
    }

    private static IEnumerable<string> Faults(KubernetesClusteringOptions options, ClusterOptions cluster)
    {
        const string Rule = "a DNS-1123 subdomain (lower-case letters, digits, '-' and '.', at most 253 characters)";
        if (options.ObjectName is null && !ObjectName.IsSubdomain(cluster.ClusterId))
            yield return $"the cluster id '{cluster.ClusterId}' names the object and must be {Rule}; set ObjectName to name it otherwise.";
        if (options.ObjectName is not null && !ObjectName.IsSubdomain(options.ObjectName))
            yield return $"ObjectName '{options.ObjectName}' must be {Rule}.";
        if (options.Namespace is not null && !ObjectName.IsLabel(options.Namespace))
            yield return $"Namespace '{options.Namespace}' must be a DNS-1123 label (lower-case letters, digits and '-', at most 63 characters).";
        if (options.RequestTimeout <= TimeSpan.Zero || options.RequestTimeout > TimeSpan.FromMinutes(10))
            yield return $"RequestTimeout must be positive and at most 10 minutes, got {options.RequestTimeout}.";
        if (options is { KubeconfigContext: not null, KubeconfigPath: null })
            yield return "KubeconfigContext is set, but KubeconfigPath is not.";
    }
}
