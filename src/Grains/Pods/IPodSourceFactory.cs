using KubePolicySemaphore.Grains.Configuration;

namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Makes the source of a cluster's pods.</summary>
public interface IPodSourceFactory
{
    /// <summary>
    /// A source for the entry that was not started yet. Nothing is read here: a credential that cannot be read is a
    /// failure that the source reports and tries again.
    /// </summary>
    /// <param name="cluster">The entry.</param>
    /// <param name="podResyncPeriod">How often to list anew, jittered by the source.</param>
    IPodSource Create(ClusterOptions cluster, TimeSpan podResyncPeriod);
}
