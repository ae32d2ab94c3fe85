using System.Net;
using System.Net.Sockets;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Tests.Http;

public sealed class ConnectionFaultTests
{
    // Whether the handler meets the reset while it makes the connection, or later, is chance; here about every fourth time.
    private const int Requests = 200;

    [Fact]
    public async Task Server_ThatResetsEveryConnection_IsUnreachableAndNothingElse()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resetting = ResetAllAsync(listener);
        var server = new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await using var connection = new ApiServerConnection(
            "blue", new() { ApiUrl = server }, TimeProvider.System, new CollectingLogger<ApiServerConnection>());

        for (var i = 0; i < Requests; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/pods", UriKind.Relative));
            var failure = await Assert.ThrowsAsync<ApiServerException>(
                () => connection.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, CancellationToken.None));
            Assert.Equal(ClusterFailureReason.Unreachable, failure.Reason);
        }

        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => resetting);
    }

    private static async Task ResetAllAsync(TcpListener listener)
    {
        while (true)
            (await listener.AcceptSocketAsync()).Close(timeout: 0);
    }
}
