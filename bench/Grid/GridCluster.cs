using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.Bench.Grid;

/// <summary>A cluster entry and its pods. Other entries may have the same API server: a label keeps them apart.</summary>
internal sealed class GridCluster(string name, RealApiServer server)
{
    private const string OwnLabel = "entry";

    public string Name => name;

    public RealApiServer Server => server;

    /// <summary>The one namespace that has pods of it.</summary>
    public string Namespace => $"shop-{name}";

    /// <summary>Those that are there from the start.</summary>
    public List<GridPod> Pods { get; } = [];

    /// <summary>A pod without an address.</summary>
    public GridPod Pod(string podName, string set)
    {
        var pod = TestPod.InSet(Namespace, podName, set);
        return new GridPod(this, pod with { Labels = new Dictionary<string, string>(pod.Labels) { [OwnLabel] = name } }, $"{name}-{Namespace}-{set}");
    }

    /// <summary>The entry in the configuration.</summary>
    public string Entry(string kubeconfig) =>
        $"""
        - name: {name}
          kubeconfig: {kubeconfig}
          labelSelector: uw.systems/networksets=true,{OwnLabel}={name}

        """;
}
