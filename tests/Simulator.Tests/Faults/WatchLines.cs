namespace KubePolicySemaphore.Simulator.Tests.Faults;

/// <summary>A watch read line by line, as it comes.</summary>
internal sealed class WatchLines : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _deadline;
    private StreamReader _reader = StreamReader.Null;

    private WatchLines(TimeSpan deadline) => _deadline = new CancellationTokenSource(deadline, TimeProvider.System);

    public static async Task<WatchLines> OpenAsync(Uri address, TimeSpan deadline)
    {
        var watch = new WatchLines(deadline);
        var stream = await watch._http.GetStreamAsync(address, watch._deadline.Token);
        watch._reader = new StreamReader(stream);
        return watch;
    }

    public Task<string?> ReadLineAsync() => _reader.ReadLineAsync(_deadline.Token).AsTask();

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _http.Dispose();
        _deadline.Dispose();
        return ValueTask.CompletedTask;
    }
}
