using System.Net.Http.Headers;
using KubePolicySemaphore.Kubernetes.Credentials;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>The connections to one server with one set of TLS settings, and who we are there now.</summary>
internal sealed record ApiServerLink(TransportSettings Transport, HttpMessageInvoker Http, AuthenticationHeaderValue? Authorization)
{
    // It holds a token.
    public override string ToString() => Transport.ToString();
}
