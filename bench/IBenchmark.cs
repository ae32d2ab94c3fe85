using KubePolicySemaphore.Bench.Reporting;

namespace KubePolicySemaphore.Bench;

/// <summary>A question about speed or size, answered by a page of tables.</summary>
internal interface IBenchmark
{
    /// <summary>The page's file name, and what <c>--filter</c> matches.</summary>
    string Name { get; }

    /// <summary>The page's heading.</summary>
    string Title { get; }

    /// <summary>True when it needs etcd and kube-apiserver.</summary>
    bool NeedsServers { get; }

    Task RunAsync(BenchOptions options, Report report, CancellationToken cancellationToken);
}
