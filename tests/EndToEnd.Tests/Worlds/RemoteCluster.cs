using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Api;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>
/// A cluster entry of one world and its pods. The API server behind it may serve other worlds too: a label that only
/// this cluster's pods have keeps them apart.
/// </summary>
public sealed class RemoteCluster(string name, RealApiServer server)
{
    private const string OwnLabel = "world";

    private int _namespaces;

    /// <summary>Name of the entry; no other world has it.</summary>
    public string Name => name;

    public RealApiServer Server => server;

    /// <summary>Selects this cluster's own pods.</summary>
    public string Selector => $"uw.systems/networksets=true,{OwnPods}";

    /// <summary>Selects this cluster's own pods by the label alone that keeps the worlds apart.</summary>
    public string OwnPods => $"{OwnLabel}={name}";

    /// <summary>A new namespace for one test's pods.</summary>
    public async Task<string> CreateNamespaceAsync()
    {
        var @namespace = $"shop-{Interlocked.Increment(ref _namespaces)}-{name}";
        await server.Admin.CreateNamespaceAsync(@namespace);
        return @namespace;
    }

    /// <summary>Name of a set's first object in Calico.</summary>
    public string ObjectOf(string @namespace, string set) => $"{name}-{@namespace}-{set}";

    /// <summary>A running pod of a set.</summary>
    public TestPod Pod(string @namespace, string pod, string set, params string[] addresses) =>
        Own(TestPod.InSet(@namespace, pod, set, addresses));

    /// <summary>The pod with the label that makes it this cluster's.</summary>
    public TestPod Own(TestPod pod) => pod with { Labels = new Dictionary<string, string>(pod.Labels) { [OwnLabel] = name } };

    /// <summary>Creates a running pod of a set.</summary>
    public async Task<TestPod> RunAsync(string @namespace, string pod, string set, params string[] addresses)
    {
        var created = Pod(@namespace, pod, set, addresses);
        await server.Admin.CreatePodAsync(created);
        return created;
    }

    /// <summary>Changes labels or annotations of a pod; <see langword="null"/> takes one away.</summary>
    public Task PatchMetadataAsync(TestPod pod, string field, string key, string? value) =>
        server.Admin.PatchAsync($"/api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}", new JsonObject
        {
            ["metadata"] = new JsonObject { [field] = new JsonObject { [key] = value } },
        });

    /// <summary>The entry with a kubeconfig that has the shipped rights, and fields of the test's own.</summary>
    public Task<string> EntryAsync(params string[] fields) => EntryAsync(proxy: null, fields);

    /// <summary>As <see cref="EntryAsync(string[])"/>, by way of a proxy.</summary>
    public async Task<string> EntryAsync(TcpFaultProxy? proxy, params string[] fields)
    {
        var kubeconfig = await server.WriteKubeconfigAsync(await ShippedRoles.RemoteTokenAsync(server), proxy);
        return Entry([$"kubeconfig: {kubeconfig}", .. fields]);
    }

    /// <summary>The entry with these fields, and the selector unless they have one.</summary>
    public string Entry(params string[] fields)
    {
        string[] selector = fields.Any(field => field.StartsWith("labelSelector:", StringComparison.Ordinal)) ? [] : [$"labelSelector: {Selector}"];
        return $"- name: {name}\n" + string.Concat(selector.Concat(fields).Select(field => $"  {field}\n"));
    }
}
