namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>
/// Lets a library that wants an <see cref="HttpClient"/> speak over an <see cref="ApiServerConnection"/>: with its trust
/// and its credentials, which may change meanwhile.
/// </summary>
/// <param name="connection">The connection; it stays its maker's to dispose of.</param>
public sealed class ApiServerHandler(ApiServerConnection connection) : HttpMessageHandler
{
    /// <summary>Stands for the server in the addresses of requests; the connection knows the real one.</summary>
    public static readonly Uri BaseAddress = new("https://api-server.invalid/");

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var uri = request.RequestUri ?? throw new ArgumentException("The request has no URI.", nameof(request));
        if (!BaseAddress.IsBaseOf(uri))
            throw new ArgumentException("The URI leads to another host.", nameof(request));
        request.RequestUri = new Uri(uri.PathAndQuery, UriKind.Relative);
        try
        {
            return await connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiServerException exception)
        {
            throw new HttpRequestException(exception.Message, exception);
        }
    }
}
