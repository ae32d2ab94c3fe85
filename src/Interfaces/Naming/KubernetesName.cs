using System.Buffers;

namespace KubePolicySemaphore.Interfaces.Naming;

/// <summary>
/// The syntax of names and label values in Kubernetes
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/names).
/// </summary>
public static class KubernetesName
{
    /// <summary>Longest DNS-1123 label, and longest label value, in characters.</summary>
    public const int MaxLabelLength = 63;

    /// <summary>Longest DNS-1123 subdomain, in characters.</summary>
    public const int MaxSubdomainLength = 253;

    private static readonly SearchValues<char> LowerAlphanumeric = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly SearchValues<char> Alphanumeric =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    private static readonly SearchValues<char> LabelValueCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>A DNS-1123 label, as the name of a namespace or of a cluster entry.</summary>
    public static bool IsLabel(ReadOnlySpan<char> text) => text.Length <= MaxLabelLength && IsLabelOfAnyLength(text);

    /// <summary>A DNS-1123 subdomain, as the name of an object. Its parts may be longer than 63, as in Kubernetes itself.</summary>
    public static bool IsSubdomain(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxSubdomainLength)
            return false;
        foreach (var part in text.Split('.'))
        {
            if (!IsLabelOfAnyLength(text[part]))
                return false;
        }

        return true;
    }

    /// <summary>A label value; the empty text, which Kubernetes allows, is not accepted.</summary>
    public static bool IsLabelValue(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MaxLabelLength
        && Alphanumeric.Contains(text[0]) && Alphanumeric.Contains(text[^1])
        && !text.ContainsAnyExcept(LabelValueCharacters);

    private static bool IsLabelOfAnyLength(ReadOnlySpan<char> text) =>
        text.Length > 0
        && LowerAlphanumeric.Contains(text[0]) && LowerAlphanumeric.Contains(text[^1])
        && !text.ContainsAnyExcept(LabelCharacters);
}
