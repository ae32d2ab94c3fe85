using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Naming;
using KubePolicySemaphore.Kubernetes.Calico;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Simulator;
using KubePolicySemaphore.TestBench.Servers;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace KubePolicySemaphore.Kubernetes.Tests.Calico;

/// <summary>A store with its connection, and what it observes.</summary>
internal sealed class StoreUnderTest : IAsyncDisposable
{
    private readonly ApiServerConnection _connection;
    private readonly CalicoApiDiscovery _discovery;
    private readonly CancellationTokenSource _stopping = new();
    private Task _observing = Task.CompletedTask;

    private StoreUnderTest(ConnectionOptions options, CalicoApiChoice choice, TimeProvider time)
    {
        _connection = new ApiServerConnection("local", options, time, NullLogger<ApiServerConnection>.Instance);
        _discovery = new CalicoApiDiscovery(_connection, choice, time, NullLogger<CalicoApiDiscovery>.Instance);
        Store = new CalicoNetworkSetStore(_connection, _discovery, time, NullLogger<CalicoNetworkSetStore>.Instance);
    }

    public INetworkSetStore Store { get; }

    public RecordingObserver Observer { get; } = new();

    public static async Task<StoreUnderTest> OnAsync(RealApiServer server, CalicoApiChoice choice, TestUser? user = null, TimeProvider? time = null) => new(
        new ConnectionOptions { ApiUrl = server.Address, CaFile = server.CaFile, TokenFile = await server.WriteTokenAsync((user ?? TestUser.Admin).Token) },
        choice, time ?? TimeProvider.System);

    public static StoreUnderTest On(SimulatedApiServer server, CalicoApiChoice choice = CalicoApiChoice.Auto, TimeProvider? time = null) =>
        new(new ConnectionOptions { ApiUrl = server.Uri }, choice, time ?? TimeProvider.System);

    /// <summary>Observes until this is disposed of; returns after the first list.</summary>
    public async Task ObserveAsync()
    {
        StartObserving();
        await Observer.UntilAsync("the first list", observer => observer.Lists > 0);
    }

    public void StartObserving() => _observing = Store.ObserveAsync(Observer, _stopping.Token);

    /// <summary>A set of that name in cluster <c>blue</c>, namespace <c>ns</c>.</summary>
    public static NetworkSetWrite Write(string name, params string[] addresses) => new()
    {
        Key = new NetworkSetKey("blue", "ns", name),
        Shard = 0,
        Convention = NamingConvention.KubePolicySemaphore,
        ServiceId = "test-grid",
        Nets = [.. addresses.Select(Address)],
    };

    public static PodAddress Address(string text)
    {
        Assert.Equal(AddressFault.None, PodAddress.Parse(text, out var address));
        return address;
    }

    /// <summary>Lets time pass until the observer has seen something. Timers are made as the work goes on: hence in small steps.</summary>
    public async Task PassAsync(FakeTimeProvider time, string what, Func<RecordingObserver, bool> condition)
    {
        var seen = Observer.UntilAsync(what, condition);
        await TestBench.Deadline.UntilAsync(what, () =>
        {
            if (!seen.IsCompleted)
                time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(seen.IsCompleted);
        });
        await seen;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _observing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(_observing.IsCompletedSuccessfully || _observing.IsCanceled, _observing.Exception?.ToString());
        _stopping.Dispose();
        _discovery.Dispose();
        await _connection.DisposeAsync();
    }
}
