using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Keeps the downloaded CA: fetched anew about every hour, in the background; the last good one stays in force.</summary>
internal sealed class CaRefresh(CaDownload download, TimeProvider time, Random random, Action<ApiServerException> onFailure)
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    // After a failure, or a server that the CA does not fit.
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMinutes(1);

    private Task? _running;
    private string? _current;
    private long _fetchedAt;
    private TimeSpan _due;

    /// <summary>The CA. Waits only for the first one.</summary>
    /// <exception cref="ApiServerException">There is none yet, and it cannot be fetched.</exception>
    public async Task<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is null)
        {
            Accept(await download.FetchAsync(cancellationToken).ConfigureAwait(false));
        }
        else if (time.GetElapsedTime(_fetchedAt) >= _due && (_running is null || _running.IsCompleted))
        {
            _due += RetryPeriod;
            _running = RefreshAsync();
        }

        return _current!;
    }

    /// <summary>The server's certificate did not fit: look for a new CA soon, not only when the hour is over.</summary>
    public void Doubt() => _due = _due < RetryPeriod ? _due : RetryPeriod;

    private async Task RefreshAsync()
    {
        try
        {
            Accept(await download.FetchAsync(CancellationToken.None).ConfigureAwait(false));
        }
        catch (ApiServerException exception)
        {
            onFailure(exception);
        }
    }

    private void Accept(string ca)
    {
        _fetchedAt = time.GetTimestamp();
        // Jittered, so that clusters with one address for their CAs do not all ask at once.
        _due = Period * (0.8 + (random.NextDouble() * 0.4));
        _current = ca;
    }
}
