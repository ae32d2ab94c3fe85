using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using KubePolicySemaphore.TestBench.Api;

namespace KubePolicySemaphore.Bench.Load;

/// <summary>Pods as an API server sends them.</summary>
internal static class PodDocuments
{
    /// <summary>A page of a list.</summary>
    /// <param name="pods">The items.</param>
    /// <param name="large">True adds what real pods carry: environment, volumes, conditions, managed fields.</param>
    public static byte[] Page(IEnumerable<TestPod> pods, bool large) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["kind"] = "PodList",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = "4711" },
        ["items"] = new JsonArray([.. pods.Select(pod => Stored(pod, large))]),
    }.ToJsonString());

    /// <summary>Events of a watch, one per line.</summary>
    public static byte[] Events(IEnumerable<TestPod> pods, bool large) => Encoding.UTF8.GetBytes(string.Concat(pods.Select(pod =>
        new JsonObject { ["type"] = "MODIFIED", ["object"] = Stored(pod, large) }.ToJsonString() + "\n")));

    private static JsonObject Stored(TestPod pod, bool large)
    {
        var stored = pod.ToManifest();
        stored["metadata"]!["uid"] = Guid.NewGuid().ToString();
        stored["metadata"]!["resourceVersion"] = "4711";
        stored["metadata"]!["creationTimestamp"] = "2026-01-02T03:04:05Z";
        stored["status"] = pod.ToStatus();
        if (large)
            Enlarge(stored);
        return stored;
    }

    private static void Enlarge(JsonObject pod)
    {
        var container = pod["spec"]!["containers"]![0]!.AsObject();
        container["env"] = List(30, i => new JsonObject { ["name"] = $"SETTING_{i}", ["value"] = $"value-of-setting-{i}.internal.example:8080" });
        container["volumeMounts"] = List(6, i => new JsonObject { ["name"] = $"volume-{i}", ["mountPath"] = $"/etc/volume-{i}", ["readOnly"] = true });
        pod["spec"]!["volumes"] = List(6, i => new JsonObject { ["name"] = $"volume-{i}", ["configMap"] = new JsonObject { ["name"] = $"config-{i}", ["defaultMode"] = 420 } });
        pod["status"]!["conditions"] = List(4, i => new JsonObject { ["type"] = $"Condition{i}", ["status"] = "True", ["lastTransitionTime"] = "2026-01-02T03:04:05Z" });
        pod["metadata"]!["managedFields"] = new JsonArray(new JsonObject
        {
            ["manager"] = "kube-controller-manager",
            ["operation"] = "Update",
            ["fieldsV1"] = new JsonObject(container["env"]!.AsArray().Select((_, i) =>
                KeyValuePair.Create($"k:{{\"name\":\"SETTING_{Text(i)}\"}}", (JsonNode?)new JsonObject { ["."] = new JsonObject(), ["f:name"] = new JsonObject(), ["f:value"] = new JsonObject() }))),
        });
    }

    private static JsonArray List(int count, Func<string, JsonObject> item) => new([.. Enumerable.Range(0, count).Select(i => item(Text(i)))]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
