using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Between <see cref="SimulatedPod"/> and the JSON of a pod.</summary>
internal static class PodEncoder
{
    private const long GraceSeconds = 30;

    public static StoredObject Encode(SimulatedPod pod, string uid, DateTimeOffset created) =>
        ObjectEncoder.Encode(pod.Namespace, pod.Name, uid, created, [.. pod.Labels], writer =>
        {
            WriteRestOfMetadata(writer, pod, created);
            WriteSpec(writer, pod);
            WriteStatus(writer, pod);
        });

    public static SimulatedPod Decode(JsonObject pod)
    {
        var (metadata, spec, status) = (pod["metadata"]!, pod["spec"], pod["status"]);
        return new SimulatedPod((string)metadata["namespace"]!, (string)metadata["name"]!)
        {
            Labels = MapOf(metadata["labels"]),
            Annotations = MapOf(metadata["annotations"]),
            PodIPs = [.. (status?["podIPs"] as JsonArray ?? []).Select(entry => (string?)entry?["ip"] ?? "")],
            Phase = (string?)status?["phase"] ?? "",
            HostNetwork = (bool?)spec?["hostNetwork"] ?? false,
            NodeName = (string?)spec?["nodeName"] ?? "",
            DeletionTimestamp = (string?)metadata["deletionTimestamp"] is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            Uid = (string?)metadata["uid"],
        };
    }

    private static void WriteRestOfMetadata(Utf8JsonWriter writer, SimulatedPod pod, DateTimeOffset created)
    {
        WriteMap(writer, "annotations", pod.Annotations);
        writer.WriteString("creationTimestamp"u8, ObjectEncoder.Format(created));
        if (pod.DeletionTimestamp is { } deletion)
        {
            writer.WriteNumber("deletionGracePeriodSeconds"u8, GraceSeconds);
            writer.WriteString("deletionTimestamp"u8, ObjectEncoder.Format(deletion));
        }

        WriteMap(writer, "labels", pod.Labels);
        writer.WriteEndObject();
    }

    private static void WriteSpec(Utf8JsonWriter writer, SimulatedPod pod)
    {
        writer.WriteStartObject("spec"u8);
        writer.WriteStartArray("containers"u8);
        writer.WriteStartObject();
        writer.WriteString("image"u8, "app"u8);
        writer.WriteString("name"u8, "app"u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        if (pod.HostNetwork)
            writer.WriteBoolean("hostNetwork"u8, true);
        if (pod.NodeName.Length > 0)
            writer.WriteString("nodeName"u8, pod.NodeName);
        writer.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter writer, SimulatedPod pod)
    {
        writer.WriteStartObject("status"u8);
        writer.WriteString("phase"u8, pod.Phase);
        if (pod.PodIPs.Count > 0)
        {
            writer.WriteString("podIP"u8, pod.PodIPs[0]);
            writer.WriteStartArray("podIPs"u8);
            foreach (var ip in pod.PodIPs)
            {
                writer.WriteStartObject();
                writer.WriteString("ip"u8, ip);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
            return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static Dictionary<string, string> MapOf(JsonNode? node) =>
        (node as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => (string?)entry.Value ?? "");
}
