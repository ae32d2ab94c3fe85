using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Credentials;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Simulator;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Kubernetes.Tests.Http;

public sealed class TlsRefusalTests
{
    private readonly CollectingLogger<ApiServerConnection> _log = new();

    [Fact]
    public async Task Send_ToAnExpiredCertificate_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { UseHttps = true, CertificateLifetime = TimeSpan.FromHours(-1) });

        Assert.Equal(ClusterFailureReason.Tls, (await FailureOfAsync(server)).Reason);
        Assert.Equal(0, server.Requests.Count());
    }

    [Fact]
    public async Task Send_ToACertificateOfAnotherHost_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { UseHttps = true, CertificateHosts = ["elsewhere.example"] });

        Assert.Equal(ClusterFailureReason.Tls, (await FailureOfAsync(server)).Reason);
        Assert.Equal(0, server.Requests.Count());
    }

    [Fact]
    public async Task Send_ToAnExpiredCertificateWithTheExplicitKey_IsDone()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { UseHttps = true, CertificateLifetime = TimeSpan.FromHours(-1) });
        await using var connection = new ApiServerConnection(
            "blue", new() { ApiUrl = server.Uri, InsecureSkipTlsVerify = true }, TimeProvider.System, _log);

        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(connection));
        Assert.True(connection.IsInsecure);
    }

    [Fact]
    public async Task Send_AnsweredWithARedirect_DoesNotFollowIt()
    {
        await using var server = await SimulatedApiServer.StartAsync();
        using var redirect = server.Faults.Answer(_ => true, 302);
        await using var connection = new ApiServerConnection("blue", new() { ApiUrl = server.Uri }, TimeProvider.System, _log);

        Assert.Equal(HttpStatusCode.Redirect, await StatusOfAsync(connection));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::", false)]
    [InlineData("10.0.0.1", true)]
    [InlineData("2001:db8::1", true)]
    public void CaUrl_Address_IsCheckedByItsRange(string address, bool allowed) =>
        Assert.Equal(allowed, CaDownload.IsAllowed(IPAddress.Parse(address)));

    [Fact]
    public async Task CaUrl_OnLoopback_IsRefused()
    {
        await using var connection = new ApiServerConnection(
            "blue", new() { ApiUrl = new("https://127.0.0.1:1"), CaUrl = new("https://localhost:1/ca") }, TimeProvider.System, _log);

        var failure = await Assert.ThrowsAsync<ApiServerException>(() => StatusOfAsync(connection));

        Assert.Equal(ClusterFailureReason.Credentials, failure.Reason);
        Assert.Contains("caUrl", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CaUrl_WithItsPin_GivesTheCaAndWithAnotherIsRefused()
    {
        await using var server = await SimulatedApiServer.StartAsync(new() { UseHttps = true });
        using var authority = new CertificateAuthority();
        await using var web = new OneAnswerServer(authority, server.CaPem!);
        var pin = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(server.CaPem!)));

        foreach (var (sha256, expected) in new[] { (pin, (ClusterFailureReason?)null), (new string('0', 64), ClusterFailureReason.Credentials), (null, ClusterFailureReason.Credentials) })
        {
            await using var connection = new ApiServerConnection(
                "blue", new() { ApiUrl = server.Uri, CaUrl = web.Address, CaSha256 = sha256 }, TimeProvider.System, _log,
                InClusterEnvironment.Current, _ => true);
            var failure = await Record.ExceptionAsync(() => StatusOfAsync(connection)) as ApiServerException;
            Assert.Equal(expected, failure?.Reason);
        }
    }

    private async Task<ApiServerException> FailureOfAsync(SimulatedApiServer server)
    {
        await using var connection = new ApiServerConnection("blue", new() { ApiUrl = server.Uri, CaData = server.CaPem }, TimeProvider.System, _log);
        return await Assert.ThrowsAsync<ApiServerException>(() => StatusOfAsync(connection));
    }

    private static async Task<HttpStatusCode> StatusOfAsync(ApiServerConnection connection)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/v1/pods", UriKind.Relative));
        using var response = await connection.SendAsync(request, HttpCompletionOption.ResponseContentRead, default).WaitAsync(Deadline.Default);
        return response.StatusCode;
    }

    /// <summary>Answers every request over TLS with the same body.</summary>
    private sealed class OneAnswerServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly X509Certificate2 _certificate;
        private readonly string _body;
        private readonly Task _serving;

        public OneAnswerServer(CertificateAuthority authority, string body)
        {
            var serving = authority.IssueServer();
            _certificate = X509Certificate2.CreateFromPem(serving.Certificate, serving.Key);
            _body = body;
            _listener.Start();
            _serving = ServeAsync();
        }

        public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/ca.pem");

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _certificate.Dispose();
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                try
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(_certificate);
                    // The request fits into what comes first, and its content does not matter.
                    await tls.ReadAtLeastAsync(new byte[4096], minimumBytes: 1);
                    await tls.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {_body.Length}\r\nConnection: close\r\n\r\n{_body}"));
                }
                catch (Exception exception) when (exception is IOException or AuthenticationException)
                {
                    // The client does not trust this server: one of the cases.
                }
                catch (Exception exception) when (exception is SocketException or InvalidOperationException)
                {
                    return;
                }
            }
        }
    }
}
