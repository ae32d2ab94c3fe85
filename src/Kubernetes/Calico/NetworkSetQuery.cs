using System.Globalization;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>The requests for all objects that one of our conventions manages.</summary>
internal static class NetworkSetQuery
{
    // An object of 500 nets is 10 kB; a page of these is some megabytes at the server and here.
    private const int PageSize = 500;

    private static readonly string Selector = "labelSelector=" + Uri.EscapeDataString(
        $"{NamingConvention.ManagedByLabel} in ({string.Join(',', NamingConvention.All.Select(convention => convention.ManagedBy))})");

    /// <summary>A page of a consistent list: without resourceVersion, as <c>0</c> may answer from the past.</summary>
    public static HttpRequestMessage List(CalicoApi api, string? continueToken)
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"{api.Path}?{Selector}&limit={PageSize}");
        return Get(continueToken is null ? uri : $"{uri}&continue={Uri.EscapeDataString(continueToken)}");
    }

    /// <summary>The changes after a version, until the server ends the watch after <paramref name="limit"/>.</summary>
    public static HttpRequestMessage Watch(CalicoApi api, string resourceVersion, TimeSpan limit) => Get(string.Create(
        CultureInfo.InvariantCulture,
        $"{api.Path}?{Selector}&watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}&timeoutSeconds={(int)limit.TotalSeconds}"));

    private static HttpRequestMessage Get(string uri)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(uri, UriKind.Relative));
        request.Headers.Accept.Add(new("application/json"));
        return request;
    }
}
