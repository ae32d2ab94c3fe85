using KubePolicySemaphore.Simulator;

namespace KubePolicySemaphore.Silo.Demo;

/// <summary>A simulated remote cluster and what its pods should make of Calico, kept apart from the operator's own view.</summary>
internal sealed class DemoCluster(string name, string prefix, SimulatedApiServer server)
{
    private readonly Dictionary<string, DemoPod> _members = [];
    private int _number;

    public string Name { get; } = name;

    public SimulatedApiServer Server { get; } = server;

    /// <summary>The range that the cluster's pods are from.</summary>
    public string Cidr { get; } = $"{prefix}.0.0/16";

    /// <summary>The pods that are in a set now.</summary>
    public IReadOnlyCollection<DemoPod> Members => _members.Values;

    public int NextNumber() => ++_number;

    public string Address(int number) => $"{prefix}.{number / 250}.{(number % 250) + 1}";

    /// <summary>The pod runs, in the set that it names from now on.</summary>
    public void Start(DemoPod pod)
    {
        _members[pod.Name] = pod;
        Put(pod, "Running");
    }

    /// <summary>The pod ends: it is deleted, or stays as a finished one, which is no member either.</summary>
    public void End(DemoPod pod, bool asFinished)
    {
        _members.Remove(pod.Name);
        if (asFinished)
            Put(pod, "Succeeded");
        else
            Server.Pods.Delete(pod.Namespace, pod.Name);
    }

    /// <summary>Object name → nets, as Calico has to show them.</summary>
    public IEnumerable<KeyValuePair<string, string[]>> Expected() => _members.Values
        .GroupBy(pod => ChangeLog.ObjectName(Name, pod))
        .Select(set => KeyValuePair.Create(set.Key, set.Select(pod => pod.Ip + "/32").Order(StringComparer.Ordinal).ToArray()));

    private void Put(DemoPod pod, string phase) => Server.Pods.Set(new SimulatedPod(pod.Namespace, pod.Name)
    {
        Labels = new Dictionary<string, string> { ["uw.systems/networksets"] = "true", ["app"] = pod.Set },
        Annotations = new Dictionary<string, string> { ["uw.systems/networkset-name"] = pod.Set },
        PodIPs = [pod.Ip],
        Phase = phase,
    });
}
