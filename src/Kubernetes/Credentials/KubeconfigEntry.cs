namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>Cluster and user of one context of a kubeconfig. Paths in it are absolute.</summary>
internal sealed record KubeconfigEntry
{
    public required string Server { get; init; }

    public string? CaFile { get; init; }

    public string? CaData { get; init; }

    public string? TlsServerName { get; init; }

    public string? ProxyUrl { get; init; }

    public bool SkipTlsVerify { get; init; }

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public string? ClientCertificateFile { get; init; }

    public string? ClientCertificateData { get; init; }

    public string? ClientKeyFile { get; init; }

    public string? ClientKeyData { get; init; }

    public string? UserName { get; init; }

    public string? Password { get; init; }

    public string? AuthProvider { get; init; }

    public KubeconfigExec? Exec { get; init; }

    // It holds secrets.
    public override string ToString() => Server;
}
