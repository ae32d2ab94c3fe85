using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KubePolicySemaphore.Simulator;

/// <summary>A certificate authority made up at start, and the server certificate it signs.</summary>
internal sealed class SimulatedAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(30);

    private readonly X509Certificate2 _authority;

    public SimulatedAuthority(IReadOnlyList<string> hosts, TimeSpan lifetime)
    {
        // TLS clients check dates by the machine's clock, so the simulated one is of no use here.
        var now = TimeProvider.System.GetUtcNow();
        _authority = CreateAuthority(now);
        Server = CreateServer(hosts, now, lifetime);
        CaPem = _authority.ExportCertificatePem();
    }

    public string CaPem { get; }

    public X509Certificate2 Server { get; }

    public void Dispose()
    {
        _authority.Dispose();
        Server.Dispose();
    }

    private static X509Certificate2 CreateAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=simulated-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(now - AuthorityLifetime, now + AuthorityLifetime);
    }

    private X509Certificate2 CreateServer(IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=simulated-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        var until = now + lifetime;
        using var signed = request.Create(_authority, until < now ? until.AddDays(-1) : now.AddHours(-1), until, RandomNumberGenerator.GetBytes(12));
        return signed.CopyWithPrivateKey(key);
    }
}
