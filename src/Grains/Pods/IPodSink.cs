namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Takes what an <see cref="IPodSource"/> reads.</summary>
public interface IPodSink
{
    /// <summary>
    /// The cluster's pods are exactly these: a complete list, all pages and all namespaces. The sink says whether it
    /// believes it.
    /// </summary>
    ValueTask<RelistDecision> ReplaceAsync(IReadOnlyList<PodBatch> pages, CancellationToken cancellationToken);

    /// <summary>These changes happened, in this order. The batch is the source's again when the call has ended.</summary>
    ValueTask ApplyAsync(PodBatch changes, CancellationToken cancellationToken);

    /// <summary>What happened on the way. Called from any thread; must not block.</summary>
    void Report(PodSourceReport report);
}
