using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Kubernetes.Pods;
using KubePolicySemaphore.Kubernetes.Tests.Http;
using KubePolicySemaphore.TestBench;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Pods;

/// <summary>A reflector at work on a sink that records.</summary>
internal sealed class RunningReflector : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CollectingLogger<ApiServerConnection> _log = new();
    private readonly Task _run;
    private readonly FakeTimeProvider? _time;

    /// <param name="cluster">The entry.</param>
    /// <param name="time">Null: the system's. A fake one is pushed on while something is waited for.</param>
    /// <param name="resync">One hour if not given.</param>
    /// <param name="prepare">Sets the sink up before the start.</param>
    /// <param name="slots">Null: its own.</param>
    public RunningReflector(
        ClusterOptions cluster, FakeTimeProvider? time = null, TimeSpan? resync = null, Action<RecordingSink>? prepare = null, ListSlots? slots = null)
    {
        _time = time;
        prepare?.Invoke(Sink);
        var clock = (TimeProvider?)time ?? TimeProvider.System;
        var connection = new ApiServerConnection(cluster.Name, cluster.Connection, clock, _log);
        Source = new PodReflector(new(cluster, resync ?? TimeSpan.FromHours(1), connection, slots ?? new ListSlots(clock), clock, Random.Shared, new ReflectorLog(_log)));
        _run = Source.RunAsync(Sink, _stop.Token);
    }

    public PodReflector Source { get; }

    public RecordingSink Sink { get; } = new();

    public IReadOnlyCollection<string> Log => _log.Lines;

    public static ClusterOptions Entry(Uri server) => new() { Name = "blue", Connection = new() { ApiUrl = server } };

    public static async Task<ClusterOptions> EntryAsync(RealApiServer server, string? token = null) => new()
    {
        Name = "blue",
        Connection = new() { ApiUrl = server.Address, CaFile = server.CaFile, TokenFile = await server.WriteTokenAsync(token ?? TestUser.Admin.Token) },
    };

    /// <summary>Waits for a condition on the sink; with a fake clock time passes by <paramref name="step"/> until it holds.</summary>
    public Task UntilAsync(string what, Func<RecordingSink, bool> condition, TimeSpan? step = null) => Deadline.UntilAsync(
        what,
        async () =>
        {
            if (_run.IsFaulted)
                await _run;
            if (condition(Sink))
                return true;
            _time?.Advance(step ?? TimeSpan.FromSeconds(1));
            return false;
        },
        TimeSpan.FromSeconds(30),
        () => $"{Sink}\n{string.Join('\n', Log.TakeLast(10))}");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(Deadline.Default));
        await Source.DisposeAsync();
        _stop.Dispose();
    }
}
