using System.Net;
using k8s.Authentication;

namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>A way to one API server, with the credentials of one point in time or with ones that renew themselves.</summary>
/// <param name="Http">The client.</param>
/// <param name="Server">The server; ends with a slash.</param>
/// <param name="Namespace">The namespace where the options name none.</param>
internal sealed record ApiTransport(HttpClient Http, Uri Server, string Namespace)
{
    /// <summary>Puts the credentials on each request: a projected token is replaced while the process runs.</summary>
    public ServiceClientCredentials? Credentials { get; init; }

    public string? TlsServerName { get; init; }

    /// <summary>Sends; the answer is read to its end.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(Server, path);
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        if (!string.IsNullOrEmpty(TlsServerName))
            request.Headers.Host = TlsServerName;
        if (Credentials is not null)
            await Credentials.ProcessHttpRequestAsync(request, cancellationToken).ConfigureAwait(false);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
    }
}
