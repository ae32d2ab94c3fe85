using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Silo.Checking;

/// <summary>Asks an API server whether our credentials may do something, without doing it.</summary>
internal static class AccessReview
{
    private static readonly Uri Path = new("apis/authorization.k8s.io/v1/selfsubjectaccessreviews", UriKind.Relative);

    /// <param name="connection">The API server.</param>
    /// <param name="verb">As in a role.</param>
    /// <param name="group">API group, empty for the core.</param>
    /// <param name="resource">As in a role.</param>
    /// <param name="podNamespace">Null: everywhere.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="ApiServerException">The server could not be asked.</exception>
    public static async Task<bool> IsAllowedAsync(
        ApiServerConnection connection, string verb, string group, string resource, string? podNamespace, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SelfSubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["resourceAttributes"] = new JsonObject { ["verb"] = verb, ["group"] = group, ["resource"] = resource, ["namespace"] = podNamespace ?? "" },
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        await ApiServerAnswer.ThrowUnlessSuccessAsync(response, "ask for our rights", cancellationToken).ConfigureAwait(false);
        try
        {
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false));
            return answer?["status"]?["allowed"]?.GetValue<bool>() == true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new ApiServerException(ClusterFailureReason.BadAnswer, "ask for our rights: the answer is no access review");
        }
    }
}
