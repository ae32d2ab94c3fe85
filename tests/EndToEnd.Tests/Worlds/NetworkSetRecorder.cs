using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>
/// Notes what happens to objects: to show that something was never written, or never empty in between. A watch tells of
/// every write, in order, so after a later marker object nothing earlier is missing.
/// </summary>
public sealed class NetworkSetRecorder : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<NetworkSetEvent> _events = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _watch = Task.CompletedTask;

    private NetworkSetRecorder()
    {
    }

    public IReadOnlyList<NetworkSetEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    /// <summary>Waits until an event of the object named so has been noted.</summary>
    public Task WaitForAsync(string name) =>
        Deadline.UntilAsync($"an event of {name}", () => Task.FromResult(Of(name).Count > 0), NetworkSets.Limit, () => string.Join(", ", Events));

    public IReadOnlyList<NetworkSetEvent> Of(string name) => [.. Events.Where(one => one.Name == name)];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    internal static async Task<NetworkSetRecorder> StartAsync(RealApiServer server, CalicoApi api, string prefix)
    {
        var recorder = new NetworkSetRecorder();
        var list = await server.Admin.GetAsync($"{api.Path}?limit=1");
        var from = list["metadata"]!["resourceVersion"]!.GetValue<string>();
        recorder._watch = recorder.WatchAsync(server, api, prefix, from);
        return recorder;
    }

    private async Task WatchAsync(RealApiServer server, CalicoApi api, string prefix, string from)
    {
        await foreach (var change in server.Admin.WatchAsync(api.Path, from, _stopping.Token))
        {
            var item = change["object"]!.AsObject();
            if (!NetworkSets.NameOf(item).StartsWith(prefix, StringComparison.Ordinal))
                continue;
            lock (_lock)
                _events.Add(new(change["type"]!.GetValue<string>(), NetworkSets.NameOf(item), NetworkSets.NetsOf(item)));
        }
    }
}
