using System.Text.RegularExpressions;

namespace KubePolicySemaphore.Clustering.Kubernetes;

/// <summary>Names of Kubernetes objects (https://kubernetes.io/docs/concepts/overview/working-with-objects/names).</summary>
internal static partial class ObjectName
{
    private const int MaxLength = 253;

    private const int MaxLabelLength = 63;

    public static bool IsSubdomain(string? name) => name is { Length: > 0 and <= MaxLength } && Subdomain().IsMatch(name);

    public static bool IsLabel(string? name) => name is { Length: > 0 and <= MaxLabelLength } && Label().IsMatch(name);

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();
}
