namespace KubePolicySemaphore.Grains.Configuration;

/// <summary>
/// How an API server is reached: by a kubeconfig, by a URL with CA and token, or, with neither, as a pod of the cluster
/// itself. Holds where secrets are, never a secret.
/// </summary>
public sealed record ConnectionOptions
{
    /// <summary>Path of a kubeconfig file.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context in the kubeconfig; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>URL of the API server, https (http only on loopback).</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>Path of a PEM file with the CA; read again when it changes, the last good one stays in force.</summary>
    public string? CaFile { get; init; }

    /// <summary>The CA itself, PEM or DER in base64.</summary>
    public string? CaData { get; init; }

    /// <summary>https URL of the CA; fetched by timer, without redirects, the last good one stays in force.</summary>
    public Uri? CaUrl { get; init; }

    /// <summary>SHA-256 of what <see cref="CaUrl"/> must answer, in hex; null: any, with system trust.</summary>
    public string? CaSha256 { get; init; }

    /// <summary>Path of a bearer token; read again when it changes, and after a 401.</summary>
    public string? TokenFile { get; init; }

    /// <summary>True when an exec plugin of the kubeconfig may be run.</summary>
    public bool AllowExec { get; init; }

    /// <summary>True when the server's certificate is not verified: an explicit choice that is warned of.</summary>
    public bool InsecureSkipTlsVerify { get; init; }
}
