using System.Net.Http.Headers;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>What the configured files say now.</summary>
/// <param name="Transport">How the server is reached.</param>
/// <param name="Authorization">The header's value; null where a certificate or an exec plugin tells who we are.</param>
/// <param name="Exec">The exec plugin that is to be asked, allowed and checked.</param>
internal sealed record ApiCredentials(TransportSettings Transport, AuthenticationHeaderValue? Authorization, KubeconfigExec? Exec)
{
    public override string ToString() => Transport.ToString();
}
