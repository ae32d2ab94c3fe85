using System.Net.Http.Headers;
using KubePolicySemaphore.Kubernetes.Credentials;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>The connections to one server with one set of TLS settings, and who we are there now.</summary>
/// <param name="Transport">What the connections were made with.</param>
/// <param name="Reads">Lists and watches: streams of one HTTP/2 connection, which its pings prove alive.</param>
/// <param name="Writes">
/// One HTTP/1.1 connection per request in flight. A request of its own connection takes fewer turns of threads on either
/// side than a stream does, and a small write is nothing else.
/// </param>
/// <param name="Authorization">Sent with each request.</param>
internal sealed record ApiServerLink(
    TransportSettings Transport, HttpMessageInvoker Reads, HttpMessageInvoker Writes, AuthenticationHeaderValue? Authorization) : IDisposable
{
    /// <summary>What the request goes over.</summary>
    public HttpMessageInvoker For(HttpMethod method) => method == HttpMethod.Get ? Reads : Writes;

    /// <summary>Ends the connections.</summary>
    public void Dispose()
    {
        Reads.Dispose();
        Writes.Dispose();
    }

    // It holds a token.
    public override string ToString() => Transport.ToString();
}
