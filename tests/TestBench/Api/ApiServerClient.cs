using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>
/// Plain requests to an API server with one token, on purpose without the client library the product uses.
/// Everything but the <c>Try</c> methods throws <see cref="ApiServerStatusException"/> on an answer that is no success.
/// </summary>
public sealed class ApiServerClient : IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly RealApiServer _server;
    private readonly string _token;
    private readonly HttpClient _http;

    public ApiServerClient(RealApiServer server, string token)
    {
        _server = server;
        _token = token;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(server.CaPem));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            UseProxy = false,
        };
        _http = new HttpClient(handler) { BaseAddress = server.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken = default) =>
        await SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>As <see cref="GetAsync"/>; <see langword="null"/> on 404.</summary>
    public async Task<JsonObject?> TryGetAsync(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            return await GetAsync(path, cancellationToken);
        }
        catch (ApiServerStatusException exception) when (exception.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString(), "application/json", cancellationToken);

    public Task<JsonObject> PutAsync(string path, JsonObject body, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Put, path, body.ToJsonString(), "application/json", cancellationToken);

    /// <summary>A JSON merge patch.</summary>
    public Task<JsonObject> PatchAsync(string path, JsonObject patch, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, path, patch.ToJsonString(), "application/merge-patch+json", cancellationToken);

    public Task<JsonObject> DeleteAsync(string path, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, path, null, null, cancellationToken);

    /// <summary>The items of a collection, all pages.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(string path, CancellationToken cancellationToken = default)
    {
        var items = new List<JsonObject>();
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        string? next = "";
        do
        {
            var page = await GetAsync($"{path}{separator}limit=5000{next}", cancellationToken);
            items.AddRange(page["items"]!.AsArray().Select(item => item!.AsObject()));
            var token = page["metadata"]!["continue"]?.GetValue<string>();
            next = string.IsNullOrEmpty(token) ? null : $"&continue={Uri.EscapeDataString(token)}";
        }
        while (next is not null);
        return items;
    }

    /// <summary>The events (<c>type</c>, <c>object</c>) of a collection from a resourceVersion on, until the server ends the watch.</summary>
    public async IAsyncEnumerable<JsonObject> WatchAsync(
        string path, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}{separator}watch=true&resourceVersion={resourceVersion}");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>
    /// Lists, then watches, until the collection's objects (by namespace/name, or name) satisfy a condition. A server
    /// that is away meanwhile is asked again.
    /// </summary>
    /// <exception cref="TimeoutException">They did not in time (by default <see cref="Deadline.Default"/>); tells what was there.</exception>
    public async Task<IReadOnlyDictionary<string, JsonObject>> WaitForAsync(
        string path, Predicate<IReadOnlyDictionary<string, JsonObject>> condition, TimeSpan? timeout = null)
    {
        var limit = timeout ?? Deadline.Default;
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        IReadOnlyDictionary<string, JsonObject> last = new Dictionary<string, JsonObject>();
        Exception? failure = null;
        try
        {
            while (true)
            {
                try
                {
                    await foreach (var state in StatesAsync(path, deadline.Token))
                    {
                        last = state;
                        failure = null;
                        if (condition(state))
                            return state;
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    failure = exception;
                }
                await Task.Delay(RetryDelay, TimeProvider.System, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"{path} did not become as expected within {limit}; {last.Count} objects: "
                + string.Join(", ", last.Take(20).Select(pair => $"{pair.Key}={pair.Value["spec"]?.ToJsonString()}")), failure);
        }
    }

    public async Task CreateNamespaceAsync(string name)
    {
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
        try
        {
            await PostAsync("/api/v1/namespaces", body);
        }
        catch (ApiServerStatusException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            // It is there: what was asked for.
        }
    }

    /// <summary>Creates a pod and reports its status, as scheduler and kubelet would; its namespace must exist.</summary>
    public async Task<JsonObject> CreatePodAsync(TestPod pod)
    {
        await PostAsync($"/api/v1/namespaces/{pod.Namespace}/pods", pod.ToManifest());
        return await ReportAsync(pod);
    }

    /// <summary>Reports a pod's status anew.</summary>
    public Task<JsonObject> ReportAsync(TestPod pod) =>
        PatchAsync($"{PathOf(pod)}/status", new JsonObject { ["status"] = pod.ToStatus() });

    /// <summary>Replaces labels and annotations of a pod with those given; a key that is not given stays.</summary>
    public Task<JsonObject> RelabelAsync(TestPod pod)
    {
        var metadata = pod.ToManifest()["metadata"]!.AsObject();
        return PatchAsync(PathOf(pod), new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = metadata["labels"]!.DeepClone(),
                ["annotations"] = metadata["annotations"]!.DeepClone(),
            },
        });
    }

    /// <summary>Deletes a pod. Without a kubelet one with a grace period would stay, terminating, until deleted again with 0.</summary>
    public Task<JsonObject> DeletePodAsync(TestPod pod, int gracePeriodSeconds = 0) =>
        DeleteAsync($"{PathOf(pod)}?gracePeriodSeconds={gracePeriodSeconds}");

    /// <summary>Gives rights in the whole cluster to a user.</summary>
    public Task GrantAsync(string user, params RbacRule[] rules) => GrantAsync(user, "", "Cluster", rules);

    /// <summary>Gives rights in one namespace to a user.</summary>
    public Task GrantInNamespaceAsync(string user, string @namespace, params RbacRule[] rules) =>
        GrantAsync(user, $"namespaces/{@namespace}/", "", rules);

    /// <summary>Takes back what <see cref="GrantAsync(string, RbacRule[])"/> gave.</summary>
    public Task RevokeAsync(string user) =>
        DeleteAsync($"/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/{RoleNameOf(user)}");

    /// <summary>Makes a service account where it is not there yet, and a token of it.</summary>
    /// <remarks>The token is void once the account is deleted; a running server may remember it as good for 10 s.</remarks>
    public async Task<string> CreateServiceAccountTokenAsync(string @namespace, string name, TimeSpan? lifetime = null)
    {
        await CreateNamespaceAsync(@namespace);
        var accounts = $"/api/v1/namespaces/{@namespace}/serviceaccounts";
        if (await TryGetAsync($"{accounts}/{name}") is null)
            await PostAsync(accounts, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        var answer = await PostAsync($"{accounts}/{name}/token", new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = (long)(lifetime ?? TimeSpan.FromHours(1)).TotalSeconds },
        });
        return answer["status"]!["token"]!.GetValue<string>();
    }

    /// <summary>Applies a manifest of one or more documents with kubectl; answers its output.</summary>
    /// <exception cref="InvalidOperationException">kubectl failed; the message holds its output.</exception>
    public Task<string> ApplyAsync(string manifest) => KubectlAsync(manifest, "apply", "-f", "-");

    /// <summary>Runs kubectl as this client's user; answers its standard output.</summary>
    /// <exception cref="InvalidOperationException">kubectl failed; the message holds its output.</exception>
    public async Task<string> KubectlAsync(string? input, params string[] arguments)
    {
        var kubeconfig = await _server.WriteKubeconfigAsync(_token);
        await using var kubectl = await ChildProcess.RunAsync(new ChildProcessOptions(EnvTestBinaries.Get().Kubectl)
        {
            Arguments = [$"--kubeconfig={kubeconfig}", $"--cache-dir={kubeconfig}-cache", .. arguments],
            Input = input,
        }, Deadline.Default);
        return kubectl.ExitCode == 0
            ? kubectl.Output.ToString()
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} ended with {kubectl.ExitCode}:\n{kubectl.Tail()}");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Asks <c>/readyz</c>; a server that does not answer is not ready.</summary>
    internal async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("/readyz", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Creates a CRD where it is not there yet.</summary>
    /// <remarks>A plain create: unlike an apply it drops the fields that an older server does not know.</remarks>
    internal async Task CreateCrdAsync(string yaml)
    {
        try
        {
            await SendAsync(HttpMethod.Post, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", yaml, "application/yaml", CancellationToken.None);
        }
        catch (ApiServerStatusException exception) when (exception.Status == HttpStatusCode.Conflict)
        {
            // It is there: what was asked for.
        }
    }

    private static string PathOf(TestPod pod) => $"/api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}";

    private static string RoleNameOf(string user) => $"bench:{user}";

    private async Task GrantAsync(string user, string scope, string kind, RbacRule[] rules)
    {
        var api = $"/apis/rbac.authorization.k8s.io/v1/{scope}{kind.ToLowerInvariant()}";
        var metadata = new JsonObject { ["name"] = RoleNameOf(user) };
        await ReplaceAsync($"{api}roles", new JsonObject
        {
            ["metadata"] = metadata.DeepClone(),
            ["rules"] = new JsonArray([.. rules.Select(rule => rule.ToJson())]),
        });
        await ReplaceAsync($"{api}rolebindings", new JsonObject
        {
            ["metadata"] = metadata.DeepClone(),
            ["roleRef"] = new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = $"{kind}Role",
                ["name"] = RoleNameOf(user),
            },
            ["subjects"] = new JsonArray(new JsonObject
            {
                ["apiGroup"] = "rbac.authorization.k8s.io",
                ["kind"] = "User",
                ["name"] = user,
            }),
        });
    }

    private async Task ReplaceAsync(string collection, JsonObject body)
    {
        var path = $"{collection}/{body["metadata"]!["name"]!.GetValue<string>()}";
        if (await TryGetAsync(path) is null)
            await PostAsync(collection, body);
        else
            await PutAsync(path, body);
    }

    // One list, then what each event makes of it; ends with the watch.
    private async IAsyncEnumerable<IReadOnlyDictionary<string, JsonObject>> StatesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var list = await GetAsync(path, cancellationToken);
        var state = list["items"]!.AsArray().Select(item => item!.AsObject()).ToDictionary(KeyOf);
        yield return state;
        var resourceVersion = list["metadata"]!["resourceVersion"]!.GetValue<string>();
        await foreach (var change in WatchAsync(path, resourceVersion, cancellationToken))
        {
            var item = change["object"]!.AsObject();
            switch (change["type"]!.GetValue<string>())
            {
                case "ERROR":
                    yield break;
                case "DELETED":
                    state.Remove(KeyOf(item));
                    break;
                default:
                    state[KeyOf(item)] = item;
                    break;
            }
            yield return state;
        }
    }

    private static string KeyOf(JsonObject item)
    {
        var metadata = item["metadata"]!;
        var name = metadata["name"]!.GetValue<string>();
        return metadata["namespace"]?.GetValue<string>() is { } @namespace ? $"{@namespace}/{name}" : name;
    }

    private async Task<JsonObject> SendAsync(
        HttpMethod method, string path, string? body, string? contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType!);
        using var response = await _http.SendAsync(request, cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken))!.AsObject();
    }

    private static async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
            return;
        var request = response.RequestMessage!;
        throw new ApiServerStatusException(
            response.StatusCode, $"{request.Method} {request.RequestUri!.PathAndQuery}",
            await response.Content.ReadAsStringAsync(cancellationToken));
    }
}
