using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Kubernetes.Http;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>See <see cref="INetworkSetStore"/>. An update is a merge patch: docs/decisions/0001-write-verb.md.</summary>
internal sealed partial class CalicoNetworkSetStore(
    ApiServerConnection connection, CalicoApiDiscovery discovery, TimeProvider time, ILogger<CalicoNetworkSetStore> logger) : INetworkSetStore
{
    private const string FieldManager = "kube-policy-semaphore";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly TextPool _texts = new();
    private readonly NetworkSetSource _source = new(connection, discovery, time, Random.Shared);

    /// <inheritdoc />
    public Task ObserveAsync(INetworkSetObserver observer, CancellationToken cancellationToken) =>
        new NetworkSetReflector(_source, observer, logger).RunAsync(cancellationToken);

    /// <inheritdoc />
    public Task<StoreResult> CreateAsync(NetworkSetWrite write, CancellationToken cancellationToken) => RunAsync(
        new StoreCall("create", HttpMethod.Post, write.ObjectName)
        {
            IsAtCollection = true,
            Query = $"?fieldManager={FieldManager}",
            Body = api => NetworkSetBodies.Create(api, write),
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<StoreResult> UpdateAsync(NetworkSetWrite write, NetworkSetObject seen, CancellationToken cancellationToken) => RunAsync(
        new StoreCall("patch", HttpMethod.Patch, seen.Name)
        {
            Query = $"?fieldManager={FieldManager}",
            Body = _ => NetworkSetBodies.Patch(write, seen),
        },
        cancellationToken);

    /// <inheritdoc />
    public Task<StoreResult> DeleteAsync(NetworkSetObject seen, CancellationToken cancellationToken) => RunAsync(
        new StoreCall("delete", HttpMethod.Delete, seen.Name) { Body = _ => NetworkSetBodies.Delete(seen) },
        cancellationToken);

    /// <inheritdoc />
    public Task<StoreResult> ReadAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(new StoreCall("get", HttpMethod.Get, name), cancellationToken);

    private async Task<StoreResult> RunAsync(StoreCall call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var result = await AskAsync(call, cancellationToken).ConfigureAwait(false);
        var took = time.GetElapsedTime(started);
        LogCall(call.Verb, call.Name, result.Outcome, result.Seen?.ResourceVersion, took, result.Error);
        return result;
    }

    private async Task<StoreResult> AskAsync(StoreCall call, CancellationToken cancellationToken)
    {
        using var deadline = new RequestDeadline(RequestTimeout, time, cancellationToken);
        CalicoApi? api = null;
        try
        {
            api = await discovery.GetAsync(deadline.Token).ConfigureAwait(false);
            if (api is null)
                return StoreAnswer.Failure(StoreOutcome.ApiMissing, discovery.Missing);
            using var request = call.ToRequest(api);
            // The body is read into a rented buffer, within the same deadline.
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                .ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw await ApiServerAnswer.ReadFailureAsync(response, call.Describe(api), deadline.Token).ConfigureAwait(false);
            using var body = await ResponseBody.ReadAsync(response, deadline.Token).ConfigureAwait(false);
            return StoreAnswer.Read(call, api, body.Span, _texts);
        }
        catch (ApiServerException exception)
        {
            var result = StoreAnswer.From(exception, call.Name);
            if (result.Outcome == StoreOutcome.ApiMissing)
                discovery.Doubt(api!);
            return result;
        }
        catch (Exception exception) when (deadline.Explains(exception))
        {
            return StoreAnswer.From(deadline.ToFailure(call.Describe(api)), call.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug,
        Message = "{Verb} {Object} ended as {Outcome} at {ResourceVersion} after {Took}: {Error}")]
    private partial void LogCall(string verb, string @object, StoreOutcome outcome, string? resourceVersion, TimeSpan took, string? error);
}
