using System.Text.Json;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Reads a complete list, page by page.</summary>
internal sealed class NetworkSetLister(ApiServerConnection connection, TextPool texts, TimeProvider time)
{
    // A page is some megabytes, and the server may be busy: longer than a single object's.
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The objects, and the version from which a watch goes on; all or an exception.</summary>
    /// <exception cref="ApiServerException">A page failed; 410 when the list took longer than the server remembers.</exception>
    public async Task<(List<NetworkSetObject> Objects, string ResourceVersion)> ListAsync(CalicoApi api, CancellationToken cancellationToken)
    {
        var objects = new List<NetworkSetObject>();
        NetworkSetPage? page = null;
        do
            page = await ReadPageAsync(api, page?.Continue, objects, cancellationToken).ConfigureAwait(false);
        while (page.Continue is not null);
        return (objects, page.ResourceVersion);
    }

    private async Task<NetworkSetPage> ReadPageAsync(
        CalicoApi api, string? continueToken, List<NetworkSetObject> objects, CancellationToken cancellationToken)
    {
        var what = $"list {api.Resource}";
        using var deadline = new RequestDeadline(PageTimeout, time, cancellationToken);
        try
        {
            using var request = NetworkSetQuery.List(api, continueToken);
            using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token)
                .ConfigureAwait(false);
            await ApiServerAnswer.ThrowUnlessSuccessAsync(response, what, deadline.Token).ConfigureAwait(false);
            using var body = await ResponseBody.ReadAsync(response, deadline.Token).ConfigureAwait(false);
            return NetworkSetPage.Read(body.Span, texts, objects);
        }
        catch (JsonException)
        {
            throw new ApiServerException(ClusterFailureReason.BadAnswer, $"{what}: the answer is no list of {CalicoApi.Kind}s");
        }
        catch (Exception exception) when (deadline.Explains(exception))
        {
            throw deadline.ToFailure(what);
        }
    }
}
