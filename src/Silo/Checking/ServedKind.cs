using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Grains.Pods;
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
        try
        {
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return answer?["resources"]?.AsArray().Any(one => one?["name"]?.GetValue<string>() == resource) == true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ApiServerException(ClusterFailureReason.BadAnswer, $"discover {groupVersion}: the answer is no list of resources");
        }
    }
}
