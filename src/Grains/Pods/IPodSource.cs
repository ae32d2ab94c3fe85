namespace KubePolicySemaphore.Grains.Pods;

/// <summary>Lists and watches the pods of one remote cluster for ever.</summary>
public interface IPodSource : IAsyncDisposable
{
    /// <summary>
    /// Feeds the sink until cancelled, whatever fails on the way: failures are reported to the sink, backed off and
    /// tried again. Calls of the sink come one at a time.
    /// </summary>
    Task RunAsync(IPodSink sink, CancellationToken cancellationToken);

    /// <summary>Asks for a new list, as after a change of rules; the watch goes on until it starts.</summary>
    void RequestRelist();
}
