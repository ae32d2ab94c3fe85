using System.Net.Http.Headers;
using System.Text;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Makes <see cref="ApiCredentials"/> of an entry's <see cref="ConnectionOptions"/> and the files it names. Not thread-safe.</summary>
internal sealed class CredentialReader(ConnectionOptions options, InClusterEnvironment inCluster)
{
    private readonly LastGoodFiles _files = new();
    private (byte[] Content, KubeconfigEntry Entry)? _kubeconfig;

    /// <summary>What was wrong with files at the last <see cref="Read"/> whose last good content is in force.</summary>
    public IReadOnlyList<string> Faults => _files.Faults;

    /// <summary>Reads all files again.</summary>
    /// <param name="downloadedCa">The CA from the entry's <c>caUrl</c>, if it has one.</param>
    /// <exception cref="ApiServerException">Something is missing, or not allowed, and was never good before.</exception>
    public ApiCredentials Read(string? downloadedCa)
    {
        _files.BeginRound();
        var entry = ReadEntry();
        if (entry.AuthProvider is { } provider)
            throw Fault($"kubeconfig {options.Kubeconfig}: auth-provider '{RemoteText.Escape(provider)}' is not supported; use exec, a token or a certificate");
        if (entry.SkipTlsVerify && !options.InsecureSkipTlsVerify)
            throw Fault($"kubeconfig {options.Kubeconfig}: insecure-skip-tls-verify is refused unless the entry says insecureSkipTlsVerify: true");
        if (entry.Exec is { } exec)
            Check(exec);
        var transport = new TransportSettings
        {
            Server = ServerOf(entry.Server),
            Ca = downloadedCa ?? CaOf(entry),
            ClientCertificate = PemOf(entry.ClientCertificateData, entry.ClientCertificateFile, "client certificate"),
            ClientKey = PemOf(entry.ClientKeyData, entry.ClientKeyFile, "client key"),
            TlsServerName = entry.TlsServerName,
            Proxy = entry.ProxyUrl is null ? null : ProxyOf(entry.ProxyUrl),
            SkipTlsVerify = options.InsecureSkipTlsVerify,
        };
        var authorization = AuthorizationOf(entry);
        return new ApiCredentials(transport, authorization, authorization is null ? entry.Exec : null);
    }

    private KubeconfigEntry ReadEntry()
    {
        if (options.Kubeconfig is { } path)
        {
            var content = _files.Read(path, "kubeconfig", bytes => FaultOf(() => Kubeconfig.Parse(Encoding.UTF8.GetString(bytes), path, options.Context)));
            if (_kubeconfig?.Content != content)
                _kubeconfig = (content, Kubeconfig.Parse(Encoding.UTF8.GetString(content), path, options.Context));
            return Overridden(_kubeconfig.Value.Entry);
        }

        return Overridden(options.ApiUrl is { } url
            ? new KubeconfigEntry { Server = url.OriginalString }
            : new KubeconfigEntry { Server = inCluster.Server().AbsoluteUri, CaFile = inCluster.CaFile, TokenFile = inCluster.TokenFile });
    }

    // What the entry names itself wins over the kubeconfig.
    private KubeconfigEntry Overridden(KubeconfigEntry entry)
    {
        if (options.CaFile is not null || options.CaData is not null)
            entry = entry with { CaFile = options.CaFile, CaData = options.CaData };
        return options.TokenFile is null ? entry : entry with { TokenFile = options.TokenFile };
    }

    private void Check(KubeconfigExec exec)
    {
        if (!options.AllowExec)
            throw Fault($"kubeconfig {options.Kubeconfig}: exec is refused unless the entry says allowExec: true");
        if (!Path.IsPathFullyQualified(exec.Command))
            throw Fault($"kubeconfig {options.Kubeconfig}: exec command '{RemoteText.Escape(exec.Command)}' is not an absolute path");
        if (exec.ApiVersion is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw Fault($"kubeconfig {options.Kubeconfig}: exec apiVersion '{RemoteText.Escape(exec.ApiVersion)}' is not supported");
    }

    private string? CaOf(KubeconfigEntry entry)
    {
        if (entry.CaData is { } data)
        {
            var content = Decode(data, "CA data");
            return CertificateText.IsValid(content) ? Convert.ToBase64String(content) : throw Fault("the CA data holds no certificate");
        }

        return entry.CaFile is { } path
            ? Convert.ToBase64String(_files.Read(path, "CA file", content => CertificateText.IsValid(content) ? null : "holds no certificate"))
            : null;
    }

    private string? PemOf(string? data, string? path, string what)
    {
        if (data is not null)
            return Encoding.UTF8.GetString(Decode(data, what));
        return path is null ? null : Encoding.UTF8.GetString(_files.Read(path, what, content => content.Length == 0 ? "is empty" : null));
    }

    private AuthenticationHeaderValue? AuthorizationOf(KubeconfigEntry entry)
    {
        // As in client-go a token file wins over a token.
        if (entry.TokenFile is { } path)
            return new("Bearer", TokenText(_files.Read(path, "token file", content => BearerToken.FaultOf(TokenText(content)))));
        if (entry.Token is { } token)
            return BearerToken.FaultOf(token) is { } fault ? throw Fault($"kubeconfig {options.Kubeconfig}: token {fault}") : new("Bearer", token);
        return entry.UserName is { } user
            ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{entry.Password}")))
            : null;
    }

    private static string TokenText(byte[] content) => Encoding.UTF8.GetString(content).TrimEnd('\r', '\n');

    private static Uri ServerOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
            throw Fault($"the server '{RemoteText.Escape(text)}' is no https URL");
        if (server.Scheme == "http" && !server.IsLoopback)
            throw Fault($"the server '{RemoteText.Escape(text)}' must be reached by https; http is for loopback");
        // With the slash, so that a path in it (as of a proxying server) stays when a request's path is put behind it.
        return server.AbsolutePath.EndsWith('/') ? server : new UriBuilder(server) { Path = server.AbsolutePath + "/" }.Uri;
    }

    private static Uri ProxyOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is ("http" or "https" or "socks5")
            ? proxy
            : throw Fault("proxy-url is no http, https or socks5 URL");

    private static byte[] Decode(string data, string what)
    {
        if (data.Contains("-----BEGIN", StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(data);
        try
        {
            return Convert.FromBase64String(data);
        }
        catch (FormatException)
        {
            throw Fault($"the {what} is neither PEM nor base64");
        }
    }

    private static string? FaultOf(Action parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (ApiServerException exception)
        {
            return exception.Message;
        }
    }

    private static ApiServerException Fault(string text) => new(ClusterFailureReason.Credentials, text);
}
