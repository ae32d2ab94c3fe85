using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>A certificate authority of one test run.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    // A program whose clock is behind finds them valid too.
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;

    public CertificateAuthority(string name = "kps-test-ca")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now - Age, now + Lifetime + Lifetime);
    }

    /// <summary>The authority's own certificate.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A serving certificate; for the loopback names when no others are given.</summary>
    public PemCertificate IssueServer(params string[] names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Length > 0 ? names : ["localhost", "127.0.0.1", "::1"])
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        return Issue(new X500DistinguishedName("CN=kps-test-server"), [ServerUsage], alternatives.Build(), Lifetime);
    }

    /// <summary>A client certificate; Kubernetes reads the user from CN and the groups from O.</summary>
    public PemCertificate IssueClient(string user, params string[] groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
            subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        return Issue(subject.Build(), [ClientUsage], alternatives: null, Lifetime);
    }

    /// <summary>A certificate for both ends of mutual TLS, with a DNS name.</summary>
    public PemCertificate IssuePeer(string name)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(name);
        return Issue(new X500DistinguishedName("CN=kps-test-peer"), [ServerUsage, ClientUsage], alternatives.Build(), Lifetime);
    }

    public void Dispose() => _certificate.Dispose();

    private PemCertificate Issue(X500DistinguishedName subject, string[] usages, X509Extension? alternatives, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.Create(_certificate, now - Age, now + lifetime, RandomNumberGenerator.GetBytes(16));
        return new PemCertificate(certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }
}
