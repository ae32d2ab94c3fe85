using System.Globalization;
using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>What an update may change, and which fields the server keeps or sets whatever the update says.</summary>
internal static class UpdateRules
{
    private static readonly string[] KeptMetadata =
        ["namespace", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"];

    public static void Settle(WriteContext context, StoredObject before, JsonObject current, JsonObject update)
    {
        var (old, metadata) = (current["metadata"]!.AsObject(), update["metadata"]!.AsObject());
        if ((string?)metadata["name"] != before.Name)
            throw ApiError.BadRequest($"the name of the object ({metadata["name"]}) does not match the name on the URL ({before.Name})");
        CheckVersion(context, before, (string?)metadata["resourceVersion"]);
        if ((string?)metadata["uid"] is { Length: > 0 } uid && uid != before.Uid)
            throw context.Invalid("metadata.uid", $"Invalid value: \"{uid}\": field is immutable");

        metadata["uid"] = before.Uid;
        foreach (var kept in KeptMetadata)
            Copy(old, metadata, kept);
        if (old["deletionTimestamp"] is not null)
            CheckNoNewFinalizers(context, old, metadata);
        if (context.Resource.Type.IsPods)
            SettlePod(context, current, update);
        else
            CountGeneration(current, update, metadata);
    }

    /// <summary>An update that changes nothing leaves the managers and their times as they are.</summary>
    public static void SettleManagers(JsonObject current, JsonObject update, FieldManagerEntry? manager)
    {
        var metadata = update["metadata"]!.AsObject();
        var old = current["metadata"]!.AsObject();
        if (manager is not null)
        {
            var managers = FieldManagers.Of(current);
            managers.RecordUpdate(WithoutManagers(current), WithoutManagers(update), manager);
            metadata["managedFields"] = managers.ToJson();
        }

        if (JsonNode.DeepEquals(WithoutManagers(current), WithoutManagers(update)) && SameOwners(old["managedFields"], metadata["managedFields"]))
            Copy(old, metadata, "managedFields");
    }

    private static bool SameOwners(JsonNode? left, JsonNode? right) =>
        JsonNode.DeepEquals(WithoutTimes(left), WithoutTimes(right));

    private static JsonArray WithoutTimes(JsonNode? managers)
    {
        var copy = (managers as JsonArray)?.DeepClone().AsArray() ?? [];
        foreach (var entry in copy)
            entry!.AsObject().Remove("time");
        return copy;
    }

    private static JsonObject WithoutManagers(JsonObject content)
    {
        var copy = content.DeepClone().AsObject();
        var metadata = copy["metadata"]!.AsObject();
        metadata.Remove("managedFields");
        metadata.Remove("resourceVersion");
        return copy;
    }

    private static void CheckVersion(WriteContext context, StoredObject before, string? sent)
    {
        if (string.IsNullOrEmpty(sent))
            return;
        if (!long.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw ApiError.Internal($"strconv.ParseUint: parsing \"{sent}\": invalid syntax");
        // 0 stands for "not set" here.
        if (version != 0 && version != before.ResourceVersion)
            throw ApiError.Modified(context.Target);
    }

    private static void CheckNoNewFinalizers(WriteContext context, JsonObject old, JsonObject metadata)
    {
        var known = Finalizers(old).ToHashSet();
        if (Finalizers(metadata).FirstOrDefault(finalizer => !known.Contains(finalizer)) is { } added)
            throw context.Invalid("metadata.finalizers", $"Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{{\"{added}\"}}", "FieldValueForbidden");
    }

    private static IEnumerable<string> Finalizers(JsonObject metadata) =>
        (metadata["finalizers"] as JsonArray ?? []).Select(finalizer => (string)finalizer!);

    private static void SettlePod(WriteContext context, JsonObject current, JsonObject update)
    {
        Copy(current, update, context.IsStatus ? "spec" : "status");
        if (!JsonNode.DeepEquals(FixedSpec(current), FixedSpec(update)))
        {
            throw context.Invalid(
                "spec",
                "Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, "
                    + "`spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)",
                "FieldValueForbidden");
        }
    }

    private static JsonObject FixedSpec(JsonObject pod)
    {
        var spec = pod["spec"]?.DeepClone() as JsonObject ?? [];
        spec.Remove("activeDeadlineSeconds");
        spec.Remove("tolerations");
        foreach (var container in (spec["containers"] as JsonArray ?? []).Concat(spec["initContainers"] as JsonArray ?? []))
            (container as JsonObject)?.Remove("image");
        return spec;
    }

    private static void CountGeneration(JsonObject current, JsonObject update, JsonObject metadata)
    {
        if (!ObjectEncoder.EncodeContent(current).AsSpan().SequenceEqual(ObjectEncoder.EncodeContent(update)))
            metadata["generation"] = (long)metadata["generation"]! + 1;
    }

    private static void Copy(JsonObject from, JsonObject to, string member)
    {
        if (from[member] is { } value)
            to[member] = value.DeepClone();
        else
            to.Remove(member);
    }
}
