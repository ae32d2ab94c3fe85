using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KubePolicySemaphore.Bench.Load;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>Changes pods as schedulers and kubelets do, and notes in the truth what they have then. Thread-safe.</summary>
internal sealed class GridPods(IEnumerable<RealApiServer> servers, GridTruth truth) : IDisposable
{
    /// <summary>Later than this is not late but lost.</summary>
    private static readonly TimeSpan Lost = TimeSpan.FromSeconds(90);

    private readonly Dictionary<RealApiServer, BareClient> _clients = servers.ToDictionary(server => server, server => new BareClient(server));
    private int _addresses;
    private int _names;

    /// <summary>The cluster's pods from the start, with addresses; they are not written anywhere yet.</summary>
    public void Populate(GridCluster cluster, GridSize size)
    {
        for (var set = 0; set < size.Sets; set++)
        {
            for (var i = 0; i < size.Pods; i++)
            {
                var pod = cluster.Pod(Invariant($"web-{set}-{i}"), Invariant($"web-{set}"));
                Give(pod);
                cluster.Pods.Add(pod);
            }
        }
    }

    /// <summary>Creates a pod that is scheduled and has no address yet, in the set that another pod is in.</summary>
    public async Task<GridPod> CreateAsync(GridPod beside, CancellationToken cancellationToken)
    {
        var set = beside.Current.Annotations["uw.systems/networkset-name"];
        var pod = beside.Cluster.Pod(Invariant($"{set}-new-{Interlocked.Increment(ref _names)}"), set);
        await ClientOf(pod).PostAsync($"/api/v1/namespaces/{pod.Current.Namespace}/pods", pod.Current.ToManifest(), cancellationToken);
        return pod;
    }

    /// <summary>Gives a pod an address that no pod has had; answers the timestamp of the API server's answer.</summary>
    public Task<long> MoveAsync(GridPod pod, CancellationToken cancellationToken)
    {
        Give(pod);
        return ReportAsync(pod, cancellationToken);
    }

    /// <summary>As <see cref="MoveAsync"/>; answers how many seconds later Calico shows the address.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public async Task<double> MeasureAsync(GridPod pod, GridObserver observer, CancellationToken cancellationToken)
    {
        pod.IsChanging = true;
        Give(pod);
        var seen = observer.WhenSeenAsync(pod.ObjectName, pod.Net!);
        var answered = await ReportAsync(pod, cancellationToken);
        var at = await seen.WaitAsync(Lost, TimeProvider.System, cancellationToken);
        pod.IsChanging = false;
        // Calico may show it before the answer is here; that counts as what it is, less than nothing.
        return (at - answered) / (double)Stopwatch.Frequency;
    }

    public async Task DeleteAsync(GridPod pod, CancellationToken cancellationToken)
    {
        if (pod.Net is { } net)
            truth.Remove(pod.ObjectName, net);
        await ClientOf(pod).SendAsync(HttpMethod.Delete, $"{PathOf(pod)}?gracePeriodSeconds=0", null, BareClient.Json, cancellationToken);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private static string PathOf(GridPod pod) => $"/api/v1/namespaces/{pod.Current.Namespace}/pods/{pod.Current.Name}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<long> ReportAsync(GridPod pod, CancellationToken cancellationToken)
    {
        await ClientOf(pod).PatchAsync($"{PathOf(pod)}/status", new JsonObject { ["status"] = pod.Current.ToStatus() }, cancellationToken);
        return Stopwatch.GetTimestamp();
    }

    private BareClient ClientOf(GridPod pod) => _clients[pod.Cluster.Server];

    private void Give(GridPod pod)
    {
        var number = Interlocked.Increment(ref _addresses);
        if (pod.Net is { } old)
            truth.Remove(pod.ObjectName, old);
        pod.Current = pod.Current with { Addresses = [Invariant($"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}")] };
        truth.Add(pod.ObjectName, pod.Net!);
    }
}
