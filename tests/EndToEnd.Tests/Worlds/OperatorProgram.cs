using System.Net;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Processes;
using KubePolicySemaphore.TestBench.Programs;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>One run of the published program, with ports of its own.</summary>
public sealed class OperatorProgram : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ChildProcess _process;

    private OperatorProgram(ChildProcess process, OperatorPlace place)
    {
        _process = process;
        Place = place;
        Health = new Uri($"http://{place.Host}:{place.HealthPort}");
        Admin = new Uri($"http://{place.Host}:{place.AdminPort}");
    }

    public OperatorPlace Place { get; }

    /// <summary>Where health and metrics are.</summary>
    public Uri Health { get; }

    /// <summary>Where the admin API and the status page are.</summary>
    public Uri Admin { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>All it has written so far, to both outputs.</summary>
    public string Log => $"{_process.Output}\n{_process.Error}";

    /// <summary>Starts it, at ports of its own unless told otherwise; it may not be ready yet.</summary>
    public static async Task<OperatorProgram> StartAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?> environment, OperatorPlace? place = null)
    {
        place ??= OperatorPlace.New();
        var process = await PublishedProgram.StartAsync(
            [
                .. arguments,
                $"--http-address={place.Host}:{place.HealthPort}",
                $"--admin-address={place.Host}:{place.AdminPort}",
                $"--silo-port={place.SiloPort}",
            ], environment, networkOf: place.Network?.ProcessId);
        return new(process, place);
    }

    public Task WaitUntilReadyAsync() => _process.WaitForHealthAsync(new Uri(Health, "/readyz"));

    /// <summary>SIGTERM; answers the exit code.</summary>
    /// <exception cref="TimeoutException">It still runs after 30 s, when Kubernetes would kill it.</exception>
    public Task<int> TerminateAsync() => _process.TerminateAsync(TimeSpan.FromSeconds(30));

    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGSTOP: it stands still, its connections stay open.</summary>
    public Task FreezeAsync() => _process.FreezeAsync();

    /// <summary>SIGCONT.</summary>
    public void Resume() => _process.Resume();

    /// <summary>Waits for it to end by itself.</summary>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync(Deadline.Default);

    /// <summary>The last lines of its log.</summary>
    public string TailOfLog(int lines) => _process.Tail(lines);

    /// <summary>How many lines of its log hold all of these texts.</summary>
    public int CountLog(params string[] texts) =>
        Log.Split('\n').Count(line => texts.All(text => line.Contains(text, StringComparison.Ordinal)));

    public Task WaitForLogAsync(params string[] texts) =>
        WaitForAsync($"a log line with {string.Join(" and ", texts)}", () => Task.FromResult(CountLog(texts) > 0));

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(Uri endpoint)
    {
        using var response = await _http.GetAsync(endpoint);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>An answer of the admin API.</summary>
    public async Task<JsonObject> ApiAsync(string pathAndQuery)
    {
        var (status, body) = await GetAsync(new Uri(Admin, pathAndQuery));
        return status == HttpStatusCode.OK
            ? JsonNode.Parse(body)!.AsObject()
            : throw new HttpRequestException($"{(int)status} to {pathAndQuery}: {body}", null, status);
    }

    /// <summary>A cluster's status; <see langword="null"/> when it is not listed.</summary>
    public async Task<JsonObject?> FindClusterAsync(string cluster) =>
        (await ApiAsync("/api/v1/clusters"))["clusters"]!.AsArray().Select(item => item!.AsObject())
            .FirstOrDefault(item => item["name"]!.GetValue<string>() == cluster);

    public async Task<JsonObject> WaitForStateAsync(string cluster, params string[] states)
    {
        JsonObject? last = null;
        return await DescribedAsync(Deadline.ForAsync($"{cluster} is {string.Join(" or ", states)}", async () =>
        {
            last = await FindClusterAsync(cluster);
            return last is not null && states.Contains(last["state"]!.GetValue<string>()) ? last : null;
        }, NetworkSets.Limit, () => $"It is {last?.ToJsonString()}"));
    }

    public async Task<MetricsText> MetricsAsync() => new((await GetAsync(new Uri(Health, "/metrics"))).Body);

    public async Task<double?> MetricAsync(string name, params (string Label, string Value)[] labels) => (await MetricsAsync()).Find(name, labels);

    /// <summary>Waits until a metric, summed over the series with these labels, has a value.</summary>
    public async Task WaitForMetricAsync(string name, double value, params (string Label, string Value)[] labels)
    {
        double? last = null;
        await Deadline.UntilAsync($"{name}{{{string.Join(',', labels)}}} is {value}", async () => (last = await MetricAsync(name, labels)) == value,
            NetworkSets.Limit, () => $"It is {last}");
    }

    /// <summary>Waits for a condition; a failure tells what the program is about.</summary>
    public Task WaitForAsync(string what, Func<Task<bool>> ask, TimeSpan? limit = null) =>
        DescribedAsync(Deadline.ForAsync(what, async () => await ask() ? what : null, limit ?? NetworkSets.Limit));

    /// <summary>Awaits something; a failure also tells what the program is about.</summary>
    public async Task<T> DescribedAsync<T>(Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message}\n{await DescribeAsync()}", exception);
        }
    }

    /// <inheritdoc cref="DescribedAsync{T}"/>
    public Task DescribedAsync(Task task) => DescribedAsync(AsObjectAsync(task));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<object?> AsObjectAsync(Task task)
    {
        await task;
        return null;
    }

    private async Task<string> DescribeAsync()
    {
        if (_process.HasExited)
            return $"The program ended with {_process.ExitCode}:\n{_process.Tail()}";
        try
        {
            return $"Clusters: {(await GetAsync(new Uri(Admin, "/api/v1/clusters"))).Body}\nLog:\n{_process.Tail(30)}";
        }
        catch (HttpRequestException exception)
        {
            return $"No answer of its admin API ({exception.Message}). Log:\n{_process.Tail(30)}";
        }
    }
}
