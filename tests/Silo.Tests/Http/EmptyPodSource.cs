using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Silo.Tests.Http;

/// <summary>Remote clusters without pods.</summary>
internal sealed class EmptyPodSource : IPodSource, IPodSourceFactory
{
    public IPodSource Create(ClusterOptions cluster, TimeSpan podResyncPeriod) => new EmptyPodSource();

    public async Task RunAsync(IPodSink sink, CancellationToken cancellationToken)
    {
        // A first failure, so that there is a happening to tell of.
        sink.Report(new PodSourceReport.Failed(ClusterFailureReason.Unreachable, "down for a moment", TimeSpan.FromSeconds(1)));
        sink.Report(PodSourceReport.Contact.Instance);
        await sink.ReplaceAsync([], cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }

    public void RequestRelist()
    {
        // There is never anything new.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
