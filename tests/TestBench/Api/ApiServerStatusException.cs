using System.Net;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>An API server refused a request; the message holds its answer.</summary>
public sealed class ApiServerStatusException(HttpStatusCode status, string request, string body)
    : Exception($"{(int)status} to {request}: {body}")
{
    public HttpStatusCode Status => status;
}
