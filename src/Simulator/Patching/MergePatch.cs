using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>JSON merge patch (RFC 7386).</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is null)
                target.Remove(key);
            else if (value is JsonObject members)
                target[key] = Apply(target[key] is JsonObject existing ? Detach(target, key, existing) : [], members);
            else
                target[key] = value.DeepClone();
        }

        return target;
    }

    private static JsonObject Detach(JsonObject parent, string key, JsonObject child)
    {
        parent.Remove(key);
        return child;
    }
}
