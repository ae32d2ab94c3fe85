using System.Text.Json;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Http;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary>Asks a running silo's admin address.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>The flag that names the silo.</summary>
    public static Flag ServerFlag { get; } =
        new("server", "URL", "admin address of any silo of the grid") { Default = "http://127.0.0.1:8081", Check = FlagChecks.HttpUrl };

    private readonly HttpClient _http;
    private readonly string _server;

    public AdminClient(FlagValues flags)
    {
        _server = flags.Text(ServerFlag.Name);
        // A silo waits 5 s for a watcher; whoever waits longer waits for nothing.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false })
        {
            BaseAddress = new Uri(_server.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    /// <summary>The answer and its JSON as it came.</summary>
    /// <exception cref="NoAnswerException">No silo answers there, or not with what was asked for.</exception>
    /// <exception cref="UsageException">The silo refused what was asked.</exception>
    public async Task<(T Answer, string Json)> GetAsync<T>(string pathAndQuery, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(pathAndQuery, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            var json = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode == 400)
                throw new UsageException(SafeText.Escape(JsonDocument.Parse(json).RootElement.GetProperty("error").GetString() ?? ""));
            if (!response.IsSuccessStatusCode)
                throw new NoAnswerException($"-{ServerFlag.Name}: {_server} answers {(int)response.StatusCode}");
            return (JsonSerializer.Deserialize<T>(json, ApiJson.Options) ?? throw new JsonException("null"), json);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new NoAnswerException($"-{ServerFlag.Name}: no answer from {_server}: {SafeText.Escape(exception.GetBaseException().Message)}");
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new NoAnswerException($"-{ServerFlag.Name}: {_server} is no silo's admin address: its answer is not understood");
        }
    }

    public void Dispose() => _http.Dispose();
}
