using System.Globalization;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>Lets pods come, go, finish and move between sets.</summary>
internal sealed class DemoChurn(IReadOnlyList<DemoCluster> clusters, ChangeLog log, TimeProvider time, Random random)
{
    private const int PodsAtStart = 12;
    private const int FewestPods = 4;
    private const int MostPods = 30;

    private static readonly (string Namespace, string Set)[] Sets =
        [("payments", "api"), ("payments", "worker"), ("orders", "web"), ("orders", "db-client")];

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(900);

    /// <summary>The pods that are there before the operator starts.</summary>
    public void Populate()
    {
        foreach (var cluster in clusters)
        {
            for (var i = 0; i < PodsAtStart; i++)
                cluster.Start(NewPod(cluster));
        }
    }

    /// <summary>One change after another until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = ShortestPause + ((LongestPause - ShortestPause) * random.NextDouble());
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!cancellationToken.IsCancellationRequested)
                ChangeOne(clusters[random.Next(clusters.Count)]);
        }
    }

    private void ChangeOne(DemoCluster cluster)
    {
        var members = cluster.Members;
        var dice = random.NextDouble();
        if (members.Count < FewestPods || (dice < 0.5 && members.Count < MostPods))
        {
            var started = NewPod(cluster);
            log.Expect(cluster.Name, started, isIn: true, "is ready");
            cluster.Start(started);
            return;
        }

        var pod = members.ElementAt(random.Next(members.Count));
        if (dice < 0.6)
        {
            var moved = pod with { Set = Sets.First(other => other.Namespace == pod.Namespace && other.Set != pod.Set).Set };
            log.Expect(cluster.Name, moved, isIn: true, $"moves from {pod.Set}");
            log.Expect(cluster.Name, pod, isIn: false, $"moves to {moved.Set}");
            cluster.Start(moved);
            return;
        }

        var finishes = dice < 0.7;
        log.Expect(cluster.Name, pod, isIn: false, finishes ? "has finished" : "is deleted");
        cluster.End(pod, finishes);
    }

    private DemoPod NewPod(DemoCluster cluster)
    {
        var (ns, set) = Sets[random.Next(Sets.Length)];
        var number = cluster.NextNumber();
        return new(ns, string.Create(CultureInfo.InvariantCulture, $"{set}-{number:x4}"), set, cluster.Address(number));
    }
}
