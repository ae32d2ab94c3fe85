using System.Globalization;
using KubePolicySemaphore.EndToEnd.Tests.Worlds;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>
/// Pods that come, go, finish and move between the sets of some clusters, some 15 changes a second, the same ones for the
/// same seed. Notes in the truth what each change made of it.
/// </summary>
internal sealed class Churn(Truth truth, RunClock clock, int seed) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(65);

    // Each has a pod that stays for ever; the last set comes and goes with its pods.
    private static readonly string[] Sets = ["web", "api", "jobs", "loose"];
    private static readonly string[] GuardedSets = ["web", "api", "jobs"];

    // Per cluster; keeps the sets small, so that they change all over.
    private const int MaxPods = 24;

    private readonly Random _random = new(seed);
    private readonly List<(RemoteCluster Cluster, string Namespace, List<ChurnedPod> Pods)> _clusters = [];
    private CancellationTokenSource _stopping = new();
    private Task _changes = Task.CompletedTask;
    private int _addresses;

    /// <summary>Pod changes so far.</summary>
    public int Changes { get; private set; }

    /// <summary>Adds a cluster with one standing pod in each guarded set.</summary>
    public async Task AddAsync(RemoteCluster cluster)
    {
        var @namespace = await cluster.CreateNamespaceAsync();
        foreach (var set in GuardedSets)
        {
            await CreateAsync(cluster, @namespace, set);
            truth.Guard(cluster.ObjectOf(@namespace, set));
        }

        _clusters.Add((cluster, @namespace, []));
    }

    public void Start() => _changes = ChangeAsync(_stopping.Token);

    /// <summary>Stops, and tells what broke the churn, if anything did.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _changes;
        _stopping.Dispose();
        _stopping = new();
    }

    /// <summary>One new pod for each cluster, to see that it still gets through.</summary>
    public async Task MarkAsync()
    {
        foreach (var (cluster, @namespace, _) in _clusters)
            await CreateAsync(cluster, @namespace, "marker");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _changes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ChangeAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var due = Task.Delay(Period, TimeProvider.System, stopping);
            var (cluster, @namespace, pods) = _clusters[_random.Next(_clusters.Count)];
            await ChangeAsync(cluster, @namespace, pods);
            Changes++;
            await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ChangeAsync(RemoteCluster cluster, string @namespace, List<ChurnedPod> pods)
    {
        var chance = _random.NextDouble();
        if (pods.Count == 0 || (pods.Count < MaxPods && chance < 0.45))
        {
            pods.Add(await CreateAsync(cluster, @namespace, Sets[_random.Next(Sets.Length)]));
            return;
        }

        var pod = pods[_random.Next(pods.Count)];
        // An address that came back to a set could not be told from one that never left it.
        var unseen = Sets.Where(set => truth.Find(pod.In(set)) is null).ToList();
        if (chance > 0.8 && unseen.Count > 0)
        {
            await MoveAsync(pod, unseen[_random.Next(unseen.Count)]);
            return;
        }

        pods.Remove(pod);
        await EndAsync(pod, finish: chance < 0.6);
    }

    private async Task<ChurnedPod> CreateAsync(RemoteCluster cluster, string @namespace, string set)
    {
        var number = ++_addresses;
        var address = string.Create(CultureInfo.InvariantCulture, $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}");
        var pod = cluster.Pod(@namespace, string.Create(CultureInfo.InvariantCulture, $"pod-{number}"), set, address);
        var created = new ChurnedPod(cluster, pod);
        created.Stay = truth.Add(new(created.In(set), clock.Now));
        await cluster.Server.Admin.CreatePodAsync(pod);
        return created;
    }

    private async Task MoveAsync(ChurnedPod pod, string set)
    {
        var next = truth.Add(new(pod.In(set), clock.Now));
        pod.Stay.Leaving = next.Asked;
        await pod.Cluster.PatchMetadataAsync(pod.Pod, "annotations", "uw.systems/networkset-name", set);
        pod.Stay.Left = clock.Now;
        pod.Stay.Next = next;
        pod.Stay = next;
    }

    private async Task EndAsync(ChurnedPod pod, bool finish)
    {
        pod.Stay.Leaving = clock.Now;
        if (finish)
            await pod.Cluster.Server.Admin.ReportAsync(pod.Pod with { Phase = "Succeeded" });
        else
            await pod.Cluster.Server.Admin.DeletePodAsync(pod.Pod);
        pod.Stay.Left = clock.Now;
    }

    private sealed class ChurnedPod(RemoteCluster cluster, TestPod pod)
    {
        public RemoteCluster Cluster => cluster;

        public TestPod Pod => pod;

        /// <summary>The set it is in now.</summary>
        public Stay Stay { get; set; } = null!;

        public SetAddress In(string set) => new(cluster.ObjectOf(pod.Namespace, set), $"{pod.Addresses[0]}/32");
    }
}
