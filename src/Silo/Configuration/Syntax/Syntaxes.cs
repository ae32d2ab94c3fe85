using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Silo.Configuration.Syntax;

/// <summary>The kinds of values that the configuration has.</summary>
internal static partial class Syntaxes
{
    private const string DurationPattern = @"^([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h)(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))*$|^0$";

    public static ValueSyntax<string> Text { get; } = String("must not be empty", text => text.Length > 0, pattern: ".");

    public static ValueSyntax<string> DnsLabel { get; } = String(
        "is not a DNS-1123 label (lower-case letters, digits and '-', at most 63, with a letter or digit at both ends)",
        text => KubernetesName.IsLabel(text), "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");

    public static ValueSyntax<string> LabelKey { get; } =
        String("is not a label or annotation key", LabelSelector.IsLabelKey, "^([a-z0-9.-]+/)?[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$");

    public static ValueSyntax<string> Base64Text { get; } = String("is not base64", text => text.Length > 0 && Base64.IsValid(text), "^[A-Za-z0-9+/=\\s]+$");

    public static ValueSyntax<string> Sha256 { get; } =
        String("is not a SHA-256 in 64 hex digits", text => text.Length == 64 && text.All(char.IsAsciiHexDigit), "^[0-9a-fA-F]{64}$");

    public static ValueSyntax<string> Selector { get; } = new ScalarSyntax<string>(
        (string text, out string value, out string fault) =>
        {
            value = text;
            var problem = LabelSelector.Check(text);
            fault = $"is not a label selector: {problem}";
            return problem is null;
        }, "string");

    public static ValueSyntax<bool> Boolean { get; } = new ScalarSyntax<bool>(
        (string text, out bool value, out string fault) =>
        {
            fault = "is not true or false";
            value = text is "true" or "True" or "TRUE";
            return value || text is "false" or "False" or "FALSE";
        }, "boolean");

    public static ValueSyntax<int> Count { get; } = new ScalarSyntax<int>(
        (string text, out int value, out string fault) =>
        {
            fault = "is not a whole number of at least 1";
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1;
        }, "integer", minimum: 1);

    public static ValueSyntax<TimeSpan> Period { get; } = Duration(TimeSpan.FromSeconds(1));

    public static ValueSyntax<TimeSpan> Wait { get; } = Duration(TimeSpan.Zero);

    /// <summary>A duration, or <c>never</c>: null.</summary>
    public static ValueSyntax<TimeSpan?> WaitOrNever { get; } = new ScalarSyntax<TimeSpan?>(
        (string text, out TimeSpan? value, out string fault) =>
        {
            fault = "is neither never nor a duration of at least 1s, such as 1h30m";
            var read = GoDuration.TryParse(text, out var duration) && duration >= TimeSpan.FromSeconds(1);
            value = read ? duration : null;
            return read || text == "never";
        }, "string", $"^never$|{DurationPattern}");

    public static ValueSyntax<Cidr> Cidrs { get; } = new ScalarSyntax<Cidr>(
        (string text, out Cidr value, out string fault) =>
        {
            fault = IPNetwork.TryParse(text, out var network) ? $"is not a CIDR in its own form, which is {network}" : "is not a CIDR";
            return Cidr.TryParse(text, out value);
        }, "string", "^[0-9a-fA-F:.]+/[0-9]{1,3}$");

    /// <summary>The URL of an API server: a token goes there, so plain http is for loopback alone.</summary>
    public static ValueSyntax<Uri> ApiUrl { get; } = Url(
        "is not an https URL (http is for loopback only)", url => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    public static ValueSyntax<Uri> HttpsUrl { get; } = Url("is not an https URL", url => url.Scheme == Uri.UriSchemeHttps);

    public static ValueSyntax<NamingConvention> Convention { get; } =
        Choice(NamingConvention.All.ToDictionary(convention => convention.Name));

    public static ValueSyntax<T> Enumeration<T>() where T : struct, Enum =>
        Choice(Enum.GetValues<T>().ToDictionary(value => value.ToString()));

    public static ValueSyntax<string> Words(params string[] words) => Choice(words.ToDictionary(word => word));

    private static ScalarSyntax<T> Choice<T>(Dictionary<string, T> choices) where T : notnull => new(
        (string text, out T value, out string fault) =>
        {
            fault = $"is not {string.Join(" or ", choices.Keys)}{Suggestion.For(text, choices.Keys)}";
            return choices.TryGetValue(text, out value!);
        }, "string", values: [.. choices.Keys]);

    private static ScalarSyntax<string> String(string complaint, Func<string, bool> isValid, string? pattern = null) => new(
        (string text, out string value, out string fault) =>
        {
            (value, fault) = (text, complaint);
            return isValid(text);
        }, "string", pattern);

    private static ScalarSyntax<TimeSpan> Duration(TimeSpan least) => new(
        (string text, out TimeSpan value, out string fault) =>
        {
            var read = GoDuration.TryParse(text, out value);
            fault = !read ? "is not a duration, such as 1h30m"
                : value < TimeSpan.Zero ? "is negative"
                : $"is less than {GoDuration.Format(least)}";
            return read && value >= least;
        }, "string", DurationPattern);

    // A password in the URL would end up in logs, so such a URL is refused, and not printed in whole.
    private static ScalarSyntax<Uri> Url(string complaint, Func<Uri, bool> isAllowed) => new(
        (string text, out Uri value, out string fault) =>
        {
            fault = complaint;
            return Uri.TryCreate(text, UriKind.Absolute, out value!)
                && isAllowed(value) && value.UserInfo.Length == 0 && value.Host.Length > 0 && value.Fragment.Length == 0;
        }, "string", "^https?://", mask: text => UserInfo().Replace(text, "//***@"));

    [GeneratedRegex("//[^/]*@")]
    private static partial Regex UserInfo();
}
