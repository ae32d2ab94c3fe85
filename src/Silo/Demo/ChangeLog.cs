using System.Collections.Concurrent;
using KubePolicySemaphore.Simulator;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>
/// Measures from the moment a pod changes to the moment its net is in, or out of, the object in Calico, by looking at
/// Calico alone.
/// </summary>
internal sealed class ChangeLog(SimulatedNetworkSets calico, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Object, string Net, bool IsIn), (long At, string Pod, string What)> _expected = new();
    private readonly ConcurrentQueue<double> _milliseconds = new();

    /// <summary>Raised when a change has arrived in Calico.</summary>
    public event Action<DemoChange>? Arrived;

    /// <summary>All times from pod to Calico so far, in milliseconds, sorted.</summary>
    public double[] SortedMilliseconds => [.. _milliseconds.Order()];

    public static string ObjectName(string cluster, DemoPod pod) => $"{cluster}-{pod.Namespace}-{pod.Set}";

    /// <summary>Says what is about to be done, and what it must lead to.</summary>
    public void Expect(string cluster, DemoPod pod, bool isIn, string what) =>
        _expected[(ObjectName(cluster, pod), pod.Ip + "/32", isIn)] = (time.GetTimestamp(), pod.Name, what);

    /// <summary>Follows Calico until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var known = Look();
        while (!cancellationToken.IsCancellationRequested)
        {
            var before = known;
            await calico.WaitUntilAsync(_ => !ReferenceEquals(before, known = Differs(before)), cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var name in before.Keys.Union(known.Keys))
            {
                var (was, now) = (before.GetValueOrDefault(name) ?? [], known.GetValueOrDefault(name) ?? []);
                foreach (var net in now.Except(was))
                    Take(name, net, isIn: true, now.Count);
                foreach (var net in was.Except(now))
                    Take(name, net, isIn: false, now.Count);
            }
        }
    }

    private Dictionary<string, HashSet<string>> Look() => calico.All.ToDictionary(set => set.Name, set => set.Nets.ToHashSet());

    private Dictionary<string, HashSet<string>> Differs(Dictionary<string, HashSet<string>> before)
    {
        var now = Look();
        var same = now.Count == before.Count && now.All(set => before.TryGetValue(set.Key, out var nets) && nets.SetEquals(set.Value));
        return same ? before : now;
    }

    private void Take(string name, string net, bool isIn, int nets)
    {
        if (!_expected.TryRemove((name, net, isIn), out var expected))
            return;
        var took = time.GetElapsedTime(expected.At);
        _milliseconds.Enqueue(took.TotalMilliseconds);
        Arrived?.Invoke(new(time.GetLocalNow(), expected.Pod, expected.What, name, (isIn ? "+" : "-") + net, nets, took));
    }
}
