using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Grains.Telemetry;
using KubePolicySemaphore.Kubernetes.Http;

namespace KubePolicySemaphore.Kubernetes.Credentials;

/// <summary>
/// Fetches the CA of an entry from its <c>caUrl</c>: https with the system's trust, or a pin on the body; no redirects;
/// bounded in size and time; never from this machine or its link.
/// </summary>
internal sealed class CaDownload : IDisposable
{
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Uri _url;
    private readonly string? _sha256;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="options">The entry; its <see cref="ConnectionOptions.CaUrl"/> is set.</param>
    /// <param name="time">Bounds the time.</param>
    /// <param name="isAllowed">Whether an address may be connected to; <see cref="IsAllowed"/> but in tests.</param>
    public CaDownload(ConnectionOptions options, TimeProvider time, Predicate<IPAddress> isAllowed)
    {
        _url = options.CaUrl!;
        _sha256 = options.CaSha256;
        _time = time;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectCallback = (context, token) => ConnectAsync(context.DnsEndPoint, isAllowed, token),
            // A proxy would resolve the name itself, and the check of the address would be void.
            UseProxy = false,
        };
        if (_sha256 is not null)
        {
#pragma warning disable CA5359 // The pin on the body says what the server's certificate would, and more exactly.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>False for this machine, its link (with the cloud's metadata service) and what is no host.</summary>
    public static bool IsAllowed(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(IPAddress.IPv6Any))
            return false;
        return address.AddressFamily != AddressFamily.InterNetwork
            || address.GetAddressBytes() is not ([0 or 127 or >= 224, ..] or [169, 254, ..]);
    }

    /// <summary>The CA in base64.</summary>
    /// <exception cref="ApiServerException">It could not be fetched, or is not what was asked for.</exception>
    public async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        if (_url.Scheme != "https")
            throw Fault("must be an https URL");
        using var limit = new CancellationTokenSource(Limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _url);
            using var response = await _http.SendAsync(request, linked.Token).ConfigureAwait(false);
            if (response.StatusCode != HttpStatusCode.OK)
                throw Fault($"answered HTTP {(int)response.StatusCode}");
            var body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                return Check(await ReadAsync(body, linked.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Fault($"did not answer within {Limit.TotalSeconds} s");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Fault(exception.InnerException is AuthenticationException ? "has a certificate that is not trusted" : "cannot be reached");
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return buffer[..length];
    }

    private string Check(byte[] content)
    {
        if (content.Length > MaxBytes)
            throw Fault("answered more than 1 MiB");
        if (_sha256 is not null && !string.Equals(Convert.ToHexString(SHA256.HashData(content)), _sha256, StringComparison.OrdinalIgnoreCase))
            throw Fault("answered something whose SHA-256 is not caSha256");
        return CertificateText.IsValid(content) ? Convert.ToBase64String(content) : throw Fault("answered no certificate");
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint host, Predicate<IPAddress> isAllowed, CancellationToken cancellationToken)
    {
        // The addresses are checked that are connected to: a second look-up could answer others.
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, isAllowed))
            throw new IOException("an address of the host is not allowed");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private ApiServerException Fault(string what) =>
        new(ClusterFailureReason.Credentials, $"caUrl {RemoteText.Escape(_url.GetLeftPart(UriPartial.Path))} {what}");
}
