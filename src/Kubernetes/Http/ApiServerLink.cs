using System.Net.Http.Headers;
using KubePolicySemaphore.Kubernetes.Credentials;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>The connections to one server with one set of TLS settings, and who we are there now.</summary>
/// <param name="Transport">What the connections were made with.</param>
/// <param name="Shared">One HTTP/2 connection for streams and all else; its pings prove it alive.</param>
/// <param name="Patches">
/// An HTTP/1.1 connection per request in flight. A small request with a connection of its own takes fewer turns of threads
/// on either side than as a stream. Creates stay with the shared one: an initial sync would begin with a TLS handshake for
/// each request in flight.
/// </param>
/// <param name="Authorization">Sent with each request.</param>
internal sealed record ApiServerLink(
    TransportSettings Transport, HttpMessageInvoker Shared, HttpMessageInvoker Patches, AuthenticationHeaderValue? Authorization) : IDisposable
{
    /// <summary>What the request goes over.</summary>
    public HttpMessageInvoker For(HttpMethod method) => IsPatch(method) ? Patches : Shared;

    /// <summary>True for what goes over HTTP/1.1.</summary>
    public static bool IsPatch(HttpMethod method) => method == HttpMethod.Patch;

    /// <summary>Ends the connections.</summary>
    public void Dispose()
    {
        Shared.Dispose();
        Patches.Dispose();
    }

    // It holds a token.
    public override string ToString() => Transport.ToString();
}
