using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KubePolicySemaphore.Silo.Hosting.Tls;

/// <summary>What a silo shows to others, and whom it trusts; one reading of the folder.</summary>
internal sealed record SiloCertificate(X509Certificate2 Own, X509Certificate2Collection Intermediates, X509Certificate2Collection Roots)
{
    /// <summary>Makes it of the texts of tls.crt, tls.key and ca.crt.</summary>
    /// <exception cref="CryptographicException">One of them is not PEM, or key and certificate do not belong together.</exception>
    public static SiloCertificate Parse(string certificate, string key, string authorities)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificate);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(authorities);
        if (roots.Count == 0)
            throw new CryptographicException("ca.crt holds no certificate");
        return new(X509Certificate2.CreateFromPem(certificate, key), chain, roots);
    }

    /// <summary>
    /// True for a certificate of our authorities, valid now, that carries a name of our own: an authority that serves others
    /// too does not make them silos.
    /// </summary>
    public bool Trusts(X509Certificate2 peer)
    {
        using var chain = new X509Chain
        {
            ChainPolicy =
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
        };
        chain.ChainPolicy.CustomTrustStore.AddRange(Roots);
        chain.ChainPolicy.ExtraStore.AddRange(Intermediates);
        return chain.Build(peer) && NamesOf(peer).Intersect(NamesOf(Own), StringComparer.OrdinalIgnoreCase).Any();
    }

    /// <summary>The DNS names; where there are none, the subject.</summary>
    public static IReadOnlyList<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()).ToList();
        return names.Count > 0 ? names : [certificate.Subject];
    }
}
