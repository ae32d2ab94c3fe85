using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Asks an API server whether it serves a kind; needs no rights but to be known to the server.</summary>
internal static class ServedKind
{
    /// <exception cref="ApiServerException">The server could not be asked.</exception>
    public static async Task<bool> IsServedAsync(
        ApiServerConnection connection, string groupVersion, string resource, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"apis/{groupVersion}", UriKind.Relative));
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return false;
        await ApiServerAnswer.ThrowUnlessSuccessAsync(response, $"discover {groupVersion}", cancellationToken).ConfigureAwait(false);
        return ResourceList.Names(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), resource);
    }
}
