using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>The least that speaks to an API server: HTTP/2 on one connection, bytes out, bytes in.</summary>
internal sealed class BareClient : IDisposable
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    private readonly HttpClient _http;

    public BareClient(RealApiServer server)
        : this(server.Address, server.CaPem, TestUser.Admin.Token)
    {
    }

    public BareClient(Uri server, string caPem, string token)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(caPem));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            UseProxy = false,
        };
        _http = new HttpClient(handler)
        {
            BaseAddress = server,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    /// <exception cref="HttpRequestException">The server refused it; the message holds its answer.</exception>
    public async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body, string contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"{(int)response.StatusCode} to {method} {path}: {System.Text.Encoding.UTF8.GetString(answer)}", null, response.StatusCode);
        return answer;
    }

    public Task PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body), Json, cancellationToken);

    public Task PatchAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Patch, path, JsonSerializer.SerializeToUtf8Bytes(body), MergePatch, cancellationToken);

    /// <summary>Reads all pages of a list; answers how many bytes they had.</summary>
    public async Task<long> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        for (var next = ""; next is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, $"{path}?limit=5000{next}", null, Json, cancellationToken);
            bytes += page.Length;
            next = ContinueOf(page) is { Length: > 0 } token ? $"&continue={Uri.EscapeDataString(token)}" : null;
        }

        return bytes;
    }

    /// <summary>The events of a collection, from a list's resourceVersion on.</summary>
    public async Task<StreamReader> WatchAsync(string path, string resourceVersion, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?watch=true&resourceVersion={resourceVersion}");
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();

    // A list's metadata comes before its items: the page need not be decoded.
    private static string? ContinueOf(byte[] page)
    {
        var reader = new Utf8JsonReader(page);
        while (reader.Read() && !(reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("items"u8)))
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("continue"u8))
                return reader.Read() ? reader.GetString() : null;
        }

        return null;
    }
}
