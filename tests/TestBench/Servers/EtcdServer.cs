using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Processes;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>One etcd on loopback, shared by API servers that each keep to their own prefix.</summary>
public sealed class EtcdServer : IAsyncDisposable
{
    /// <summary>How many puts one transaction may hold here; etcd's own default is 128.</summary>
    public const int MaxTransaction = 2_000;

    private readonly ChildProcess _process;

    private EtcdServer(ChildProcess process, Uri endpoint)
    {
        _process = process;
        Endpoint = endpoint;
        Http = new HttpClient { BaseAddress = endpoint };
    }

    public Uri Endpoint { get; }

    public int ProcessId => _process.Id;

    /// <summary>Talks to etcd's HTTP/JSON gateway.</summary>
    internal HttpClient Http { get; }

    public static async Task<EtcdServer> StartAsync()
    {
        var ports = FreePorts.Take(2);
        var client = new Uri($"http://127.0.0.1:{ports[0]}");
        var peer = $"http://127.0.0.1:{ports[1]}";
        var process = await ChildProcess.StartAsync(new ChildProcessOptions(EnvTestBinaries.Get().Etcd)
        {
            Arguments =
            [
                "--name=bench",
                $"--data-dir={BenchFolders.CreateTemporary("etcd")}",
                $"--listen-client-urls={client.OriginalString}",
                $"--advertise-client-urls={client.OriginalString}",
                $"--listen-peer-urls={peer}",
                $"--initial-advertise-peer-urls={peer}",
                $"--initial-cluster=bench={peer}",
                "--quota-backend-bytes=4294967296",
                $"--max-txn-ops={MaxTransaction.ToString(CultureInfo.InvariantCulture)}",
                "--max-request-bytes=33554432",
                "--logger=zap",
                "--log-level=warn",
            ],
        });
        var etcd = new EtcdServer(process, client);
        try
        {
            await Deadline.UntilAsync("etcd is healthy", etcd.IsHealthyAsync, details: () => process.Tail());
        }
        catch
        {
            await etcd.DisposeAsync();
            throw;
        }
        return etcd;
    }

    /// <summary>
    /// Forgets all old revisions: a continued list from before answers 410. A watch does too, once its API server has
    /// been restarted; a running one may serve it from its own memory.
    /// </summary>
    public async Task CompactAsync()
    {
        await PostAsync("/v3/kv/compaction", new JsonObject
        {
            ["revision"] = await CurrentRevisionAsync(),
            ["physical"] = true,
        });
    }

    /// <summary>
    /// Every write below a key from now on, in order, whatever becomes of the API servers; begins once the first one could be
    /// missed no more.
    /// </summary>
    /// <exception cref="IOException">etcd ended the watch.</exception>
    public async Task<IAsyncEnumerable<EtcdWrite>> WatchAsync(string prefix, CancellationToken cancellationToken)
    {
        var from = long.Parse(await CurrentRevisionAsync(), CultureInfo.InvariantCulture) + 1;
        return ReadWritesAsync(prefix, from, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    /// <summary>One call of the gateway.</summary>
    /// <exception cref="HttpRequestException">etcd refused it; the message holds its answer.</exception>
    internal async Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken = default)
    {
        using var response = await Http.PostAsJsonAsync(path, body, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"etcd answered {(int)response.StatusCode} to {path}: {text}", null, response.StatusCode);
        return JsonNode.Parse(text)!.AsObject();
    }

    private async IAsyncEnumerable<EtcdWrite> ReadWritesAsync(
        string prefix, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["create_request"] = new JsonObject
            {
                ["key"] = Encode(prefix),
                // The first key behind all that begin so, as ASCII keys end below it.
                ["range_end"] = Encode(prefix + '~'),
                ["start_revision"] = from.ToString(CultureInfo.InvariantCulture),
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/watch") { Content = JsonContent.Create(body) };
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var reader = new StreamReader(await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var answer = JsonNode.Parse(line)!["result"] ?? throw new IOException($"etcd ended the watch: {line}");
            foreach (var change in answer["events"]?.AsArray() ?? [])
            {
                var value = change!["kv"]!["value"]?.GetValue<string>();
                yield return new(Decode(change["kv"]!["key"]!.GetValue<string>()), value is null ? null : Decode(value));
            }
        }

        throw new IOException("etcd ended the watch");
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Decode(string base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private async Task<string> CurrentRevisionAsync()
    {
        // Any read tells the revision; the gateway writes 64-bit numbers as text.
        var answer = await PostAsync("/v3/kv/range", new JsonObject { ["key"] = "AA==", ["limit"] = "1" });
        return answer["header"]!["revision"]!.GetValue<string>();
    }

    private async Task<bool> IsHealthyAsync()
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"etcd ended with {_process.ExitCode}:\n{_process.Tail()}");
        try
        {
            using var response = await Http.GetAsync(new Uri("/health", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
