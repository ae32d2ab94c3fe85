using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Reads certificates, PEM or DER.</summary>
internal static class CertificateText
{
    /// <summary>All certificates of a PEM text, or the one of a DER file; empty when there is none.</summary>
    public static X509Certificate2Collection Parse(ReadOnlySpan<byte> content)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(System.Text.Encoding.UTF8.GetString(content));
            if (certificates.Count == 0 && !content.IsEmpty)
                certificates.Add(X509CertificateLoader.LoadCertificate(content));
        }
        catch (CryptographicException)
        {
            certificates.Clear();
        }

        return certificates;
    }

    /// <summary>True when there is at least one certificate.</summary>
    public static bool IsValid(byte[] content) => Parse(content).Count > 0;
}
