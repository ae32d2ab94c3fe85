using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>
/// A pod that no cluster entry selects and that changes all the time: no real cluster is ever still, and where no pod at all
/// changes, older API servers send no bookmarks, so that every watch would be taken for dead and started again.
/// </summary>
internal sealed class Unrest : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _changes;

    private Unrest(RealApiServer server, TestPod pod) => _changes = ChangeAsync(server, pod, _stopping.Token);

    public static async Task<Unrest> StartAsync(RealApiServer server)
    {
        var pod = new TestPod("default", "unrest");
        await server.Admin.CreateNamespaceAsync(pod.Namespace);
        await server.Admin.CreatePodAsync(pod);
        return new Unrest(server, pod);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _changes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private static async Task ChangeAsync(RealApiServer server, TestPod pod, CancellationToken stopping)
    {
        using var client = new BareClient(server);
        while (true)
        {
            var annotations = new JsonObject { ["changed"] = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture) };
            await client.PatchAsync(
                $"/api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}", new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } }, stopping);
            await Task.Delay(Period, TimeProvider.System, stopping);
        }
    }
}
