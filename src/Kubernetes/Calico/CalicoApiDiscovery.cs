using System.Net;
using KubePolicySemaphore.Kubernetes.Http;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>
/// Finds out which of Calico's APIs the local cluster serves, and keeps the answer until somebody doubts it: a cluster
/// may migrate from one to the other while we run. Thread-safe.
/// </summary>
public sealed partial class CalicoApiDiscovery(
    ApiServerConnection connection, CalicoApiChoice choice, TimeProvider time, ILogger<CalicoApiDiscovery> logger) : IDisposable
{
    // Each write asks; while Calico is missing only one in so long asks the server.
    private static readonly TimeSpan MissingHolds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile Finding? _finding;
    private CalicoApi? _toldOf;
    private bool _toldMissing;

    /// <summary>What is said where there is no API.</summary>
    internal string Missing => choice == CalicoApiChoice.Auto
        ? $"neither {CalicoApi.V3} nor {CalicoApi.CrdV1} serves {CalicoApi.Plural}: is Calico installed in the local cluster?"
        : $"{Candidates[0]} does not serve {CalicoApi.Plural}: is calicoApi right, and Calico installed in the local cluster?";

    private CalicoApi[] Candidates => choice switch
    {
        CalicoApiChoice.CrdV1 => [CalicoApi.CrdV1],
        CalicoApiChoice.V3 => [CalicoApi.V3],
        _ => [CalicoApi.V3, CalicoApi.CrdV1],
    };

    /// <summary>The API in use; asks the server where that is not known. Null: none is served.</summary>
    /// <exception cref="ApiServerException">The server could not be asked.</exception>
    public ValueTask<CalicoApi?> GetAsync(CancellationToken cancellationToken) =>
        _finding is { } finding && IsGood(finding) ? new(finding.Api) : new(FindAsync(finding: null, cancellationToken));

    /// <summary>Asks the server anew, whatever is known; the API that is known stays in use meanwhile.</summary>
    /// <exception cref="ApiServerException">The server could not be asked; what was known stays.</exception>
    public Task<CalicoApi?> RefreshAsync(CancellationToken cancellationToken) => FindAsync(_finding, cancellationToken);

    /// <summary>A request to that API was answered as if it were not there: the next one asks the server first.</summary>
    internal void Doubt(CalicoApi api)
    {
        if (_finding is { } finding && finding.Api == api)
            _finding = null;
    }

    /// <inheritdoc />
    public void Dispose() => _gate.Dispose();

    /// <param name="finding">The finding that does not suffice; null: any good one does.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    private async Task<CalicoApi?> FindAsync(Finding? finding, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another caller may have asked while this one waited.
            if (_finding is { } other && other != finding && IsGood(other))
                return other.Api;
            var found = await SearchAsync(cancellationToken).ConfigureAwait(false);
            _finding = new Finding(found, time.GetTimestamp());
            Tell(found);
            return found;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<CalicoApi?> SearchAsync(CancellationToken cancellationToken)
    {
        foreach (var api in Candidates)
        {
            // An error ends the search: an aggregated API that is down for a moment must not lead to the other group.
            if (await IsServedAsync(api, cancellationToken).ConfigureAwait(false))
                return api;
        }

        return null;
    }

    private async Task<bool> IsServedAsync(CalicoApi api, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(RequestTimeout, time, cancellationToken);
        var what = $"discover {api}";
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"apis/{api.GroupVersion}", UriKind.Relative));
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                .ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return false;
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, what, deadline.Token).ConfigureAwait(false);
            using var body = await ResponseBody.ReadAsync(response, deadline.Token).ConfigureAwait(false);
            return ResourceList.Names(body.Span, CalicoApi.Plural);
        }
        catch (Exception exception) when (deadline.Explains(exception))
        {
            throw deadline.ToFailure(what);
        }
    }

    private bool IsGood(Finding finding) => finding.Api is not null || time.GetElapsedTime(finding.At) < MissingHolds;

    private void Tell(CalicoApi? found)
    {
        if (found is null && !_toldMissing)
            LogMissing(Missing);
        else if (found is not null && (_toldMissing || found != _toldOf))
            LogFound(found.GroupVersion);
        _toldMissing = found is null;
        _toldOf = found ?? _toldOf;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "GlobalNetworkSets are written to {Api}")]
    private partial void LogFound(string api);

    [LoggerMessage(Level = LogLevel.Warning, Message = "GlobalNetworkSets cannot be written: {Reason}")]
    private partial void LogMissing(string reason);

    private sealed record Finding(CalicoApi? Api, long At);
}
