using Microsoft.AspNetCore.Http;

namespace KubePolicySemaphore.Silo.Http;

/// <summary>Makes endpoints of a table.</summary>
internal static class EndpointsExtensions
{
    public static Endpoints ToEndpoints(this IReadOnlyDictionary<string, RequestDelegate> paths) => new(paths);
}
