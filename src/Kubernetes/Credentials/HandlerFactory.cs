using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Makes the handler that holds the connections to one server.</summary>
internal static class HandlerFactory
{
    /// <summary>
    /// Of HTTP/1.1 connections nothing proves that an idle one is alive, and a request over a dead one fails: in a pool where
    /// many have died at once none may outlive the deadline of the first request that found out.
    /// </summary>
    private static readonly TimeSpan PatchesIdleTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For streams over HTTP/2, and all but patches.</summary>
    /// <exception cref="ApiServerException">The client certificate cannot be read.</exception>
    public static SocketsHttpHandler CreateShared(TransportSettings settings) => Create(settings, TimeSpan.FromMinutes(2));

    /// <summary>For patches over HTTP/1.1.</summary>
    /// <exception cref="ApiServerException">The client certificate cannot be read.</exception>
    public static SocketsHttpHandler CreateForPatches(TransportSettings settings) => Create(settings, PatchesIdleTimeout);

    private static SocketsHttpHandler Create(TransportSettings settings, TimeSpan idleTimeout) => new()
    {
        // A redirect would carry the token to another host.
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // The name is looked up anew at least so often; streams that run are not cut by it.
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        PooledConnectionIdleTimeout = idleTimeout,
        EnableMultipleHttp2Connections = true,
        // A watch may be quiet for a minute; the pings tell a quiet one from a dead one.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
        MaxResponseHeadersLength = 64,
        Proxy = ProxyOf(settings),
        UseProxy = settings.Proxy is not null || !settings.Server.IsLoopback,
        SslOptions = TlsOf(settings),
    };

    // Null: what the environment says (HTTPS_PROXY, NO_PROXY), as client-go does.
    private static WebProxy? ProxyOf(TransportSettings settings)
    {
        if (settings.Proxy is not { } url)
            return null;
        var proxy = new WebProxy(url);
        if (url.UserInfo.Split(':') is [{ Length: > 0 } user, .. var rest])
            proxy.Credentials = new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(string.Join(':', rest)));
        return proxy;
    }

    private static SslClientAuthenticationOptions TlsOf(TransportSettings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if (settings.Ca is { } ca)
            tls.CertificateChainPolicy = TrustOnly(CertificateText.Parse(Convert.FromBase64String(ca)));
        if (settings.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The user's explicit choice for this entry; a warning is logged and shown in the status.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        if (settings.ClientCertificate is not null)
            tls.ClientCertificateContext = ClientCertificateOf(settings);
        return tls;
    }

    private static X509ChainPolicy TrustOnly(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // Clusters' own authorities publish no revocation, and nothing is fetched from where a certificate says.
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(roots);
        return policy;
    }

    private static SslStreamCertificateContext ClientCertificateOf(TransportSettings settings)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(settings.ClientCertificate, settings.ClientKey ?? settings.ClientCertificate);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(settings.ClientCertificate);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new ApiServerException(ClusterFailureReason.Credentials, "client certificate and key cannot be read, or do not belong together");
        }
    }
}
