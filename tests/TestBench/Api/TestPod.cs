using System.Globalization;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>A pod as a test wants it: bound to a node, and with the status a kubelet would report.</summary>
public sealed record TestPod(string Namespace, string Name)
{
    /// <summary>All of its addresses, the first one its <c>podIP</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public string Phase { get; init; } = "Running";

    public bool HostNetwork { get; init; }

    public string Node { get; init; } = "node-1";

    /// <summary>A pod with the operator's default label, and the annotation that names its set.</summary>
    public static TestPod InSet(string @namespace, string name, string set, params string[] addresses) => new(@namespace, name)
    {
        Addresses = addresses,
        Labels = new Dictionary<string, string> { ["uw.systems/networksets"] = "true" },
        Annotations = new Dictionary<string, string> { ["uw.systems/networkset-name"] = set },
    };

    /// <summary>What is sent to create it.</summary>
    public JsonObject ToManifest() => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["namespace"] = Namespace,
            ["labels"] = ToJson(Labels),
            ["annotations"] = ToJson(Annotations),
        },
        ["spec"] = new JsonObject
        {
            ["nodeName"] = Node,
            ["hostNetwork"] = HostNetwork,
            ["restartPolicy"] = "Always",
            ["terminationGracePeriodSeconds"] = 30,
            ["containers"] = new JsonArray(new JsonObject
            {
                ["name"] = "main",
                ["image"] = "registry.example/app:1",
                ["imagePullPolicy"] = "IfNotPresent",
                ["terminationMessagePath"] = "/dev/termination-log",
                ["terminationMessagePolicy"] = "File",
                ["resources"] = new JsonObject(),
            }),
        },
    };

    /// <summary>What the kubelet would report.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject { ["phase"] = Phase };
        if (Addresses.Count > 0)
        {
            status["podIP"] = Addresses[0];
            status["podIPs"] = new JsonArray([.. Addresses.Select(ip => new JsonObject { ["ip"] = ip })]);
        }
        return status;
    }

    internal JsonObject ToStored(DateTimeOffset created)
    {
        var pod = ToManifest();
        pod["metadata"]!["uid"] = Guid.NewGuid().ToString();
        pod["metadata"]!["creationTimestamp"] = created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        pod["status"] = ToStatus();
        return pod;
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> map) =>
        new(map.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
