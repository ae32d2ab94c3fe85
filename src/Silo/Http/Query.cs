using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;
using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Reads the query of a request; what does not parse is a <see cref="BadQueryException"/>.</summary>
internal static class Query
{
    /// <summary>The name under that key, null when it is absent or empty.</summary>
    public static string? Name(HttpContext context, string key, Func<string, bool> isName)
    {
        var text = Text(context, key);
        return text is null || isName(text) ? text : throw new BadQueryException($"{key}: {SafeText.Quote(text)} is not a name");
    }

    public static string? Text(HttpContext context, string key)
    {
        var values = context.Request.Query[key];
        return values.Count > 1 ? throw new BadQueryException($"{key} stands there twice")
            : string.IsNullOrEmpty(values) ? null : values.ToString();
    }

    /// <summary>An address as a pod can show it.</summary>
    public static PodAddress Address(string text) => PodAddress.Parse(text, out var address) switch
    {
        AddressFault.None => address,
        AddressFault.NotUnicast => throw new BadQueryException($"ip: {SafeText.Quote(text)} is no address that a pod can have"),
        _ => throw new BadQueryException($"ip: {SafeText.Quote(text)} is not an IP address"),
    };

    /// <summary>A pod, <c>namespace/name</c>.</summary>
    public static (string Namespace, string Name) Pod(string text) =>
        text.Split('/') is [var podNamespace, var name] && KubernetesName.IsLabel(podNamespace) && KubernetesName.IsSubdomain(name)
            ? (podNamespace, name)
            : throw new BadQueryException($"pod: {SafeText.Quote(text)} is not NAMESPACE/POD");
}
