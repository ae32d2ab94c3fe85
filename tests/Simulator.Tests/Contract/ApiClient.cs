using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator.Tests.Contract;

/// <summary>Plain HTTP to an API server; any status is an answer.</summary>
public sealed class ApiClient : IDisposable
{
    public const string NetworkSets = "/apis/crd.projectcalico.org/v1/globalnetworksets";
    public const string Merge = "application/merge-patch+json";
    public const string JsonPatch = "application/json-patch+json";
    public const string Apply = "application/apply-patch+yaml";

    /// <summary>Far beyond what any answer takes; a test that meets it has failed.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public ApiClient(Uri address, string? caPem, string? token)
    {
        var handler = new SocketsHttpHandler();
        if (caPem is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(caPem) },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Deadline };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("contract", "1"));
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public void Dispose() => _http.Dispose();

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, JsonNode body, string type = "application/json") => SendAsync(HttpMethod.Post, path, body.ToJsonString(), type);

    public Task<Answer> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body.ToJsonString());

    public Task<Answer> PatchAsync(string path, string body, string type) => SendAsync(HttpMethod.Patch, path, body, type);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }

        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!.AsObject() : new JsonObject { ["text"] = text });
    }

    /// <summary>The events of a watch until the server ends it.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(string pathAndQuery, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        using var response = await _http.GetAsync(pathAndQuery, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        Assert.Equal(200, (int)response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(deadline.Token));
        while (await reader.ReadLineAsync(deadline.Token) is { } line)
        {
            var json = JsonNode.Parse(line)!;
            yield return new WatchEvent((string)json["type"]!, new Answer(200, json["object"]!.AsObject()));
        }
    }

    public async Task<Answer> CreateNetworkSetAsync(string name, string? label = null, params string[] nets)
    {
        var created = await PostAsync(NetworkSets, NetworkSet(name, label, nets));
        Assert.Equal(201, created.Status);
        return created;
    }

    /// <summary>Creates a namespace where namespaces are real, and a pod without a node in it.</summary>
    public async Task<Answer> CreatePodAsync(string ns, string name, string? nodeName = null)
    {
        await PostAsync("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } });
        var spec = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = "app" }) };
        if (nodeName is not null)
            spec["nodeName"] = nodeName;
        var created = await PostAsync(PodsOf(ns), new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["app"] = name } },
            ["spec"] = spec,
        });
        Assert.Equal(201, created.Status);
        return created;
    }

    public static string PodsOf(string ns) => $"/api/v1/namespaces/{ns}/pods";

    public static JsonObject NetworkSet(string name, string? label = null, params string[] nets)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (label is not null)
            metadata["labels"] = new JsonObject { ["run"] = label };
        return new JsonObject
        {
            ["apiVersion"] = "crd.projectcalico.org/v1",
            ["kind"] = "GlobalNetworkSet",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["nets"] = new JsonArray([.. nets.Select(net => JsonValue.Create(net))]) },
        };
    }
}

/// <summary>One line of a watch.</summary>
public sealed record WatchEvent(string Type, Answer Content);
