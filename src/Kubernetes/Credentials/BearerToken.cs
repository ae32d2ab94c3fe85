namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>What can be sent as a bearer token.</summary>
internal static class BearerToken
{
    /// <summary>What is wrong with it, in words that do not hold it; null when nothing is.</summary>
    public static string? FaultOf(string token) =>
        token.Length == 0 ? "is empty"
        : token.AsSpan().ContainsAnyExceptInRange('!', '~') ? "holds characters that no token has"
        : null;
}
