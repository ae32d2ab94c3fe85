using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Interfaces.Addresses;
using KubePolicySemaphore.Interfaces.Feed;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>The bodies of our requests.</summary>
internal static class NetworkSetBodies
{
    /// <summary>A new object.</summary>
    public static RequestBody Create(CalicoApi api, NetworkSetWrite write)
    {
        var body = new RequestBody("application/json");
        var json = body.Writer;
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, api.GroupVersion);
        json.WriteString("kind"u8, CalicoApi.Kind);
        json.WriteStartObject("metadata"u8);
        json.WriteString("name"u8, write.ObjectName);
        WriteLabels(json, write, removeAbsent: false);
        WriteAnnotations(json, write, removeAbsent: false);
        json.WriteEndObject();
        WriteSpec(json, write.Nets);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    /// <summary>
    /// A merge patch (RFC 7396): null removes, and what is not named stays. A resourceVersion or uid that is not the
    /// object's own makes the API server refuse it.
    /// </summary>
    public static RequestBody Patch(NetworkSetWrite write, NetworkSetObject seen)
    {
        var body = new RequestBody("application/merge-patch+json");
        var json = body.Writer;
        json.WriteStartObject();
        json.WriteStartObject("metadata"u8);
        json.WriteString("uid"u8, seen.Uid);
        json.WriteString("resourceVersion"u8, seen.ResourceVersion);
        WriteLabels(json, write, removeAbsent: true);
        WriteAnnotations(json, write, removeAbsent: true);
        json.WriteEndObject();
        WriteSpec(json, write.Nets);
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    /// <summary>DeleteOptions that hold for that object only.</summary>
    public static RequestBody Delete(NetworkSetObject seen)
    {
        var body = new RequestBody("application/json");
        var json = body.Writer;
        json.WriteStartObject();
        json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteString("kind"u8, "DeleteOptions"u8);
        json.WriteString("propagationPolicy"u8, "Background"u8);
        json.WriteStartObject("preconditions"u8);
        json.WriteString("uid"u8, seen.Uid);
        json.WriteString("resourceVersion"u8, seen.ResourceVersion);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body;
    }

    private static void WriteLabels(Utf8JsonWriter json, NetworkSetWrite write, bool removeAbsent)
    {
        var convention = write.Convention;
        json.WriteStartObject("labels"u8);
        json.WriteString(NamingConvention.ManagedByLabel, convention.ManagedBy);
        json.WriteString(convention.Keys.Name, write.Key.Name);
        json.WriteString(convention.Keys.Namespace, write.Key.Namespace);
        json.WriteString(convention.Keys.Cluster, write.Key.Cluster);
        WriteOptional(
            json, NamingConvention.ShardLabel, write.Shard > 0 ? write.Shard.ToString(CultureInfo.InvariantCulture) : null, removeAbsent);
        json.WriteEndObject();
    }

    private static void WriteAnnotations(Utf8JsonWriter json, NetworkSetWrite write, bool removeAbsent)
    {
        json.WriteStartObject("annotations"u8);
        json.WriteString(NamingConvention.OwnerAnnotation, write.ServiceId);
        WriteOptional(json, RemovalMarks.OnRemovalAnnotation, write.OnRemoval, removeAbsent);
        WriteOptional(json, RemovalMarks.RemovalStartedAnnotation, write.RemovalStarted, removeAbsent);
        json.WriteEndObject();
    }

    private static void WriteOptional(Utf8JsonWriter json, string key, string? value, bool removeAbsent)
    {
        if (value is not null)
            json.WriteString(key, value);
        else if (removeAbsent)
            json.WriteNull(key);
    }

    private static void WriteSpec(Utf8JsonWriter json, ImmutableArray<PodAddress> nets)
    {
        json.WriteStartObject("spec"u8);
        json.WriteStartArray("nets"u8);
        NetsEncoder.Write(json, nets);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
