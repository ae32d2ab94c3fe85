namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>A certificate and its private key, both as PEM text.</summary>
public sealed record PemCertificate(string Certificate, string Key);
