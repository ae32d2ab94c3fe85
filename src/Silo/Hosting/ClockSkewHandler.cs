namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Tells <see cref="ClockSkew"/> the time that each answer carries (RFC 9110, 6.6.1).</summary>
internal sealed class ClockSkewHandler(ClockSkew skew, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.Headers.Date is { } date)
            skew.Compare(date);
        return response;
    }
}
