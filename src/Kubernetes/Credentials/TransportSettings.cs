namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>All that a connection's TLS and route depend on; equal as long as the same connections serve.</summary>
internal sealed record TransportSettings
{
    public required Uri Server { get; init; }

    /// <summary>PEM, or DER in base64; null: the system's trust.</summary>
    public string? Ca { get; init; }

    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    public string? TlsServerName { get; init; }

    public Uri? Proxy { get; init; }

    public bool SkipTlsVerify { get; init; }

    // It holds a key.
    public override string ToString() => Server.GetLeftPart(UriPartial.Authority);
}
