using System.Text;
using System.Text.Json;
using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Kubernetes.Pods;

/// <summary>Tells which field a property's name is, by the place it stands in.</summary>
internal sealed class PodFieldTable(SetNameSource source)
{
    private readonly byte[] _setNameKey = Encoding.UTF8.GetBytes(source.Key);

    public PodField FieldOf(PodPlace place, ref Utf8JsonReader reader) => place switch
    {
        PodPlace.Object => InObject(ref reader),
        PodPlace.Metadata => InMetadata(ref reader),
        PodPlace.Annotations => reader.ValueTextEquals("k8s.io/initial-events-end"u8) ? PodField.InitialEventsEnd : InKeys(ref reader, isLabel: false),
        PodPlace.Labels => InKeys(ref reader, isLabel: true),
        PodPlace.Spec => reader.ValueTextEquals("hostNetwork"u8) ? PodField.HostNetwork : PodField.None,
        PodPlace.Status => InStatus(ref reader),
        PodPlace.PodIP => reader.ValueTextEquals("ip"u8) ? PodField.ListedIP : PodField.None,
        _ => PodField.None,
    };

    private static PodField InObject(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("metadata"u8) ? PodField.Metadata
        : reader.ValueTextEquals("spec"u8) ? PodField.Spec
        : reader.ValueTextEquals("status"u8) ? PodField.Status
        : reader.ValueTextEquals("code"u8) ? PodField.Code
        : reader.ValueTextEquals("message"u8) ? PodField.Message
        : PodField.None;

    private static PodField InMetadata(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) ? PodField.Name
        : reader.ValueTextEquals("namespace"u8) ? PodField.Namespace
        : reader.ValueTextEquals("uid"u8) ? PodField.Uid
        : reader.ValueTextEquals("resourceVersion"u8) ? PodField.ResourceVersion
        : reader.ValueTextEquals("deletionTimestamp"u8) ? PodField.DeletionTimestamp
        : reader.ValueTextEquals("annotations"u8) ? PodField.Annotations
        : reader.ValueTextEquals("labels"u8) ? PodField.Labels
        : PodField.None;

    private PodField InKeys(ref Utf8JsonReader reader, bool isLabel) =>
        source.IsLabel == isLabel && reader.ValueTextEquals(_setNameKey) ? PodField.SetName : PodField.None;

    private static PodField InStatus(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("phase"u8) ? PodField.Phase
        : reader.ValueTextEquals("podIPs"u8) ? PodField.PodIPs
        : reader.ValueTextEquals("podIP"u8) ? PodField.PodIP
        : PodField.None;
}
