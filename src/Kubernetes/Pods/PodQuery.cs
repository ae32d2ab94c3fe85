using System.Globalization;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>The requests for the pods of an entry, in one namespace or in all.</summary>
/// <param name="Namespace">Null for all namespaces.</param>
/// <param name="LabelSelector">In the API server's syntax.</param>
internal sealed record PodQuery(string? Namespace, string LabelSelector)
{
    // A page of 5,000 is tens of megabytes; ten pages of 500 cost the server half as much again.
    private const int PageSize = 5_000;

    /// <summary>One for each namespace of the entry, or one for all.</summary>
    public static IReadOnlyList<PodQuery> Of(ClusterOptions cluster) => cluster.Namespaces.Count == 0
        ? [new(null, cluster.LabelSelector)]
        : [.. cluster.Namespaces.Select(ns => new PodQuery(ns, cluster.LabelSelector))];

    /// <summary>What is asked for, for a message.</summary>
    public string Target => Namespace is null ? "pods" : $"pods in {RemoteText.Escape(Namespace)}";

    /// <summary>A page of a consistent list. Without resourceVersion: <c>0</c> may answer from the past.</summary>
    public HttpRequestMessage List(string? continueToken)
    {
        var uri = string.Create(CultureInfo.InvariantCulture, $"{Path}&limit={PageSize}");
        return Get(continueToken is null ? uri : $"{uri}&continue={Uri.EscapeDataString(continueToken)}");
    }

    /// <summary>The changes after a version.</summary>
    /// <param name="resourceVersion">The version.</param>
    /// <param name="limit">After so long the server ends the watch.</param>
    public HttpRequestMessage Watch(string resourceVersion, TimeSpan limit) => Get(string.Create(
        CultureInfo.InvariantCulture,
        $"{Path}&watch=true&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(resourceVersion)}&timeoutSeconds={(int)limit.TotalSeconds}"));

    /// <summary>All there is as a watch: no older than now, ended by a marked bookmark.</summary>
    /// <param name="limit">After so long the server ends the watch.</param>
    public HttpRequestMessage StreamList(TimeSpan limit) => Get(string.Create(
        CultureInfo.InvariantCulture,
        $"{Path}&watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds={(int)limit.TotalSeconds}"));

    private string Path => Namespace is null
        ? $"api/v1/pods?labelSelector={Uri.EscapeDataString(LabelSelector)}"
        : $"api/v1/namespaces/{Uri.EscapeDataString(Namespace)}/pods?labelSelector={Uri.EscapeDataString(LabelSelector)}";

    private static HttpRequestMessage Get(string uri)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(uri, UriKind.Relative));
        request.Headers.Accept.Add(new("application/json"));
        return request;
    }
}
