using Orleans.Connections.Security;

namespace KubePolicySemaphore.Silo.Hosting.Tls;

/// <summary>Mutual TLS between silos.</summary>
internal static class SiloTlsExtensions
{
    /// <summary>Both sides show a certificate and verify the other's; without certificates nothing changes.</summary>
    public static ISiloBuilder UseSiloTls(this ISiloBuilder silo, SiloCertificates? certificates) => certificates is null ? silo : silo.UseTls(options =>
    {
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        // Where both are set Orleans takes the selectors, which see a renewed certificate; it checks the fixed one at the start.
        options.LocalCertificate = certificates.Current.Own;
        options.LocalServerCertificateSelector = (_, _) => certificates.Current.Own;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => certificates.Current.Own;
        options.RemoteCertificateValidation = (peer, _, _) => certificates.Current.Trusts(peer);
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = SiloCertificate.NamesOf(certificates.Current.Own)[0];
    });
}
