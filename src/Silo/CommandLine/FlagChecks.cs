using System.Globalization;
using System.Net;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>What values of flags are good; each answers null, or what is wrong.</summary>
internal static class FlagChecks
{
    public static string? Duration(string text) =>
        !GoDuration.TryParse(text, out var duration) ? "is not a duration, such as 1h30m"
        : duration <= TimeSpan.Zero ? "must be more than 0" : null;

    public static string? EndPoint(string text) =>
        IPEndPoint.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal) ? null : "is not ADDRESS:PORT, such as 127.0.0.1:8081";

    public static string? Address(string text) => IPAddress.TryParse(text, out _) ? null : "is not an IP address";

    public static string? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? null : "is not a port, 0 to 65535";

    public static string? Boolean(string text) => text is "true" or "false" ? null : "is not true or false";

    public static string? HttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? null : "is not an http or https URL";

    public static string? NotEmpty(string text) => text.Length > 0 ? null : "must not be empty";

    /// <summary>One of these words.</summary>
    public static Func<string, string?> OneOf(IReadOnlyList<string> words) =>
        text => words.Contains(text) ? null : $"is not {string.Join(" or ", words)}{Suggestion.For(text, words)}";
}
