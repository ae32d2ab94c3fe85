using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>The <c>orleansclusters</c> of one namespace. Thread-safe.</summary>
internal sealed class OrleansClusterApi(ApiTransportFactory factory, IOptions<KubernetesClusteringOptions> options, TimeProvider time)
{
    public const string Group = "kube-policy-semaphore.io";

    public const string Version = "v1alpha1";

    public const string Kind = "OrleansCluster";

    public const string Plural = "orleansclusters";

    // Of all writes, so that managedFields keeps one entry for all silos.
    private const string FieldManager = "orleans-clustering";

    private const string Resource = $"{Plural}.{Group}";

    // Reading the configuration again costs files, or a program of the kubeconfig.
    private static readonly TimeSpan RenewAtMostEvery = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private ApiTransport? _transport;
    private long _made;

    public Task<ApiAnswer> GetAsync(string name, CancellationToken cancellationToken) =>
        SendAsync("get", HttpMethod.Get, name, null, cancellationToken);

    public Task<ApiAnswer> CreateAsync(string name, JsonObject body, CancellationToken cancellationToken) =>
        SendAsync("create", HttpMethod.Post, name, Content(body, "application/json"), cancellationToken);

    /// <param name="name">The object.</param>
    /// <param name="operations">A JSON Patch (RFC 6902): all of it happens, or nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; the server may do it all the same.</param>
    public Task<ApiAnswer> PatchAsync(string name, JsonArray operations, CancellationToken cancellationToken) =>
        SendAsync("patch", HttpMethod.Patch, name, Content(operations, "application/json-patch+json"), cancellationToken);

    public Task<ApiAnswer> DeleteAsync(string name, CancellationToken cancellationToken) =>
        SendAsync("delete", HttpMethod.Delete, name, null, cancellationToken);

    private async Task<ApiAnswer> SendAsync(
        string verb, HttpMethod method, string name, HttpContent? content, CancellationToken cancellationToken)
    {
        var transport = Transport();
        var @namespace = options.Value.Namespace ?? transport.Namespace;
        var what = $"{verb} {Resource} \"{name}\" in namespace \"{@namespace}\"";
        var path = $"apis/{Group}/{Version}/namespaces/{@namespace}/{Plural}";
        if (method != HttpMethod.Post)
            path += $"/{name}";
        if (content is not null)
            path += $"?fieldManager={FieldManager}";
        using var request = new HttpRequestMessage(method, (Uri?)null) { Content = content };
        using var deadline = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await transport.SendAsync(request, path, either.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return Read(response, body, what, verb, name, transport);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new KubernetesClusteringException($"{what}: no answer from {transport.Server.Authority} within {options.Value.RequestTimeout}", innerException: exception);
        }
        catch (HttpRequestException exception)
        {
            // The server's certificate may have a new authority.
            Renew(transport);
            throw new KubernetesClusteringException($"{what}: {transport.Server.Authority} cannot be reached: {exception.Message}", innerException: exception);
        }
    }

    private ApiAnswer Read(HttpResponseMessage response, byte[] body, string what, string verb, string name, ApiTransport transport)
    {
        if (response.IsSuccessStatusCode)
            return new ApiAnswer(ApiOutcome.Done, Parse(body, what));
        var status = StatusAnswer.Parse(body, response.RequestMessage?.Headers.Authorization?.Parameter);
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound when verb != "create" && status.Name == name:
                return new ApiAnswer(ApiOutcome.Missing, default, status.Message);
            case HttpStatusCode.Conflict:
                return new ApiAnswer(ApiOutcome.Conflict, default, status.Message);
            case HttpStatusCode.UnprocessableEntity:
                return new ApiAnswer(ApiOutcome.Refused, default, status.Message);
            case HttpStatusCode.Unauthorized:
                Renew(transport);
                break;
        }
        var code = (int)response.StatusCode;
        var said = status.Message is null ? "" : $": {status.Message}";
        throw new KubernetesClusteringException($"{what}: HTTP {code}{said}{Advice(response.StatusCode, verb)}", code);
    }

    private static string Advice(HttpStatusCode status, string verb) => status switch
    {
        HttpStatusCode.Forbidden => $" (grant the verb '{verb}' on '{Plural}' of the API group '{Group}' in that namespace, by a Role and a RoleBinding)",
        HttpStatusCode.NotFound => $" (the namespace is not there, or the API server does not serve {Resource}: apply the CRD, and make sure that {Version} is served)",
        HttpStatusCode.Unauthorized => " (the credentials are not, or no longer, accepted; they are read again)",
        _ => "",
    };

    private static JsonElement Parse(byte[] body, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new KubernetesClusteringException($"{what}: the answer is not JSON; is that an API server?", innerException: exception);
        }
    }

    private static ByteArrayContent Content(JsonNode body, string type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private ApiTransport Transport()
    {
        lock (_gate)
        {
            if (_transport is null)
            {
                _transport = factory.Create();
                _made = time.GetTimestamp();
            }
            return _transport;
        }
    }

    // The old one is not disposed of: other requests may run on it, and its connections close when idle.
    private void Renew(ApiTransport refused)
    {
        if (options.Value.CreateHttpClient is not null)
            return;
        lock (_gate)
        {
            if (_transport == refused && time.GetElapsedTime(_made) >= RenewAtMostEvery)
                _transport = null;
        }
    }
}
