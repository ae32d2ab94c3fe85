using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;

namespace KubePolicySemaphore.Silo.Tests.Http;

/// <summary>Remote clusters without pods.</summary>
internal sealed class EmptyPodSource : IPodSource, IPodSourceFactory
{
    public IPodSource Create(ClusterOptions cluster, TimeSpan podResyncPeriod) => new EmptyPodSource();

    public async Task RunAsync(IPodSink sink, CancellationToken cancellationToken)
    {
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
