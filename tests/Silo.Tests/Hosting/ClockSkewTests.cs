using KubePolicySemaphore.Silo.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Silo.Tests.Hosting;

/// <summary>How far the clock is from the local API server's, as the answers tell.</summary>
public sealed class ClockSkewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task Answer_WithADate_TellsTheSkew(int ahead)
    {
        var skew = new ClockSkew(new FakeTimeProvider(Noon.AddSeconds(ahead)), NullLogger<ClockSkew>.Instance);
        Assert.Equal(0, skew.Seconds);

        await AskAsync(skew, date: null);
        Assert.Equal(0, skew.Seconds);

        await AskAsync(skew, Noon);
        Assert.Equal(ahead, skew.Seconds);
    }

    private static async Task AskAsync(ClockSkew skew, DateTimeOffset? date)
    {
        using var http = new HttpMessageInvoker(new ClockSkewHandler(skew, new Server(date)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api-server.invalid/");
        using var response = await http.SendAsync(request, CancellationToken.None);
        Assert.Equal(date, response.Headers.Date);
    }

    private sealed class Server(DateTimeOffset? date) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = new HttpResponseMessage();
            response.Headers.Date = date;
            return Task.FromResult(response);
        }
    }
}
