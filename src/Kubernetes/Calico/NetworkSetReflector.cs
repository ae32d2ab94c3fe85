using System.Net;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Lists and watches the objects that our conventions manage, in whichever API is in use.</summary>
internal sealed partial class NetworkSetReflector
{
    // A migration to another API is noticed within this.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(60);

    private readonly CalicoApiDiscovery _discovery;
    private readonly INetworkSetObserver _observer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly NetworkSetLister _lister;
    private readonly NetworkSetWatcher _watcher;
    private readonly Backoff _backoff;

    public NetworkSetReflector(NetworkSetSource source, INetworkSetObserver observer, ILogger logger)
    {
        _discovery = source.Discovery;
        _observer = observer;
        _time = source.Time;
        _logger = logger;
        var texts = new TextPool();
        _lister = new NetworkSetLister(source.Connection, texts, source.Time);
        _watcher = new NetworkSetWatcher(source, texts, observer);
        _backoff = new Backoff(source.Random);
    }

    /// <summary>See <see cref="INetworkSetStore.ObserveAsync"/>.</summary>
    /// <exception cref="OperationCanceledException">Always, in the end.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var api = await _discovery.GetAsync(cancellationToken).ConfigureAwait(false);
                if (api is not null)
                {
                    await FollowAsync(api, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                _observer.Failed(_discovery.Missing);
                await Task.Delay(_backoff.Next(), _time, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiServerException failure)
            {
                await PauseAsync(failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Lists and watches one API; returns when another is in use.</summary>
    private async Task FollowAsync(CalicoApi api, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var superseded = WaitForOtherAsync(api, ending.Token);
        var reading = ReadAsync(api, ending.Token);
        var first = await Task.WhenAny(superseded, reading).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        // The observer is called by one at a time: the next one starts when this one has ended.
        await Task.WhenAll(superseded, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Lists, watches, and lists again when the watch cannot go on; returns when the API may be gone.</summary>
    private async Task ReadAsync(CalicoApi api, CancellationToken cancellationToken)
    {
        WatchPosition? position = null;
        while (true)
        {
            try
            {
                if (position is null)
                {
                    var (objects, resourceVersion) = await _lister.ListAsync(api, cancellationToken).ConfigureAwait(false);
                    position = new WatchPosition(resourceVersion);
                    LogListed(api.Resource, objects.Count, resourceVersion);
                    _observer.Replace(objects);
                }

                await WatchAsync(api, position, cancellationToken).ConfigureAwait(false);
                // One that ends at once with nothing in it must not be made anew in a tight loop.
                await Task.Delay(_backoff.Next(), _time, cancellationToken).ConfigureAwait(false);
            }
            catch (ApiServerException failure) when (failure.Status == (int)HttpStatusCode.NotFound)
            {
                _discovery.Doubt(api);
                await PauseAsync(failure, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ApiServerException failure)
            {
                if (failure.Status == NetworkSetWatcher.Expired)
                    position = null;
                await PauseAsync(failure, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WatchAsync(CalicoApi api, WatchPosition position, CancellationToken cancellationToken)
    {
        var from = position.ResourceVersion;
        try
        {
            await _watcher.WatchAsync(api, position, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // It was good for something, however it ended.
            if (position.ResourceVersion != from)
                _backoff.Reset();
        }
    }

    private async Task WaitForOtherAsync(CalicoApi api, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(CheckInterval, _time, cancellationToken).ConfigureAwait(false);
            try
            {
                if (await _discovery.RefreshAsync(cancellationToken).ConfigureAwait(false) != api)
                    return;
            }
            catch (ApiServerException failure)
            {
                // The list and watch, which need the server too, report it.
                LogCheckFailed(failure.Message);
            }
        }
    }

    private async Task PauseAsync(ApiServerException failure, CancellationToken cancellationToken)
    {
        var pause = _backoff.Next(failure);
        _observer.Failed(failure.Message);
        LogFailed(failure.Message, pause);
        await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Resource} listed: {Objects} objects at {ResourceVersion}")]
    private partial void LogListed(string resource, int objects, string resourceVersion);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The objects in Calico cannot be read: {Error}; next try in {Delay}")]
    private partial void LogFailed(string error, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Which API Calico serves cannot be checked: {Error}")]
    private partial void LogCheckFailed(string error);
}
