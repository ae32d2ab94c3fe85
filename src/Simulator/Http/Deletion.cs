using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>When an object is gone and when it is only marked.</summary>
internal static class Deletion
{
    private const long DefaultPodGraceSeconds = 30;

    public static bool HasFinalizers(JsonObject content) => content["metadata"]?["finalizers"] is JsonArray { Count: > 0 };

    /// <summary>A marked custom resource goes when an update takes its last finalizer.</summary>
    public static bool IsFinished(JsonObject content) =>
        content["metadata"]?["deletionTimestamp"] is not null
        && !HasFinalizers(content)
        && ((long?)content["metadata"]?["deletionGracePeriodSeconds"] ?? 0) == 0;

    /// <summary>Only a pod that a node runs is given time to stop.</summary>
    public static long GracePeriodOf(JsonObject content, long? wanted, ResourceType type)
    {
        var isRunning = type.IsPods
            && !string.IsNullOrEmpty((string?)content["spec"]?["nodeName"])
            && (string?)content["status"]?["phase"] is not ("Succeeded" or "Failed");
        return isRunning ? wanted ?? (long?)content["spec"]?["terminationGracePeriodSeconds"] ?? DefaultPodGraceSeconds : 0;
    }

    /// <summary>False when it is marked already and the mark stays as it is.</summary>
    public static bool Mark(JsonObject content, long graceSeconds, DateTimeOffset now)
    {
        var metadata = content["metadata"]!.AsObject();
        if (metadata["deletionTimestamp"] is not null && ((long?)metadata["deletionGracePeriodSeconds"] ?? 0) <= graceSeconds)
            return false;
        metadata["deletionTimestamp"] = ObjectEncoder.Format(now.AddSeconds(graceSeconds));
        metadata["deletionGracePeriodSeconds"] = graceSeconds;
        if (metadata["generation"] is { } generation)
            metadata["generation"] = (long)generation + 1;
        return true;
    }

    public static JsonObject Success(WriteContext context, StoredObject deleted) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["details"] = new JsonObject
        {
            ["name"] = deleted.Name,
            ["group"] = context.Target.Group,
            ["kind"] = context.Target.Resource,
            ["uid"] = deleted.Uid,
        },
    };
}
