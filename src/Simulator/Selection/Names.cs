using System.Text.RegularExpressions;

namespace KubePolicySemaphore.Simulator;

/// <summary>Kubernetes' rules for names and labels (RFC 1123 subdomains, qualified names, label values).</summary>
internal static partial class Names
{
    public static bool IsSubdomain(string text) => text.Length <= 253 && Subdomain().IsMatch(text);

    public static bool IsLabelValue(string text) => text.Length <= 63 && LabelValue().IsMatch(text);

    public static bool IsQualifiedName(string text) => text.Split('/') switch
    {
        [var name] => IsNamePart(name),
        [var prefix, var name] => IsSubdomain(prefix) && IsNamePart(name),
        _ => false,
    };

    private static bool IsNamePart(string text) => text.Length is > 0 and <= 63 && LabelValue().IsMatch(text);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelValue();
}
