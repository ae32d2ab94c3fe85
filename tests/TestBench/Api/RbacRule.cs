using System.Text.Json.Nodes;

namespace KubePolicySemaphore.TestBench.Api;

/// <summary>One rule of a role; the core group is <c>""</c>.</summary>
public sealed record RbacRule(string Group, string Resource, params string[] Verbs)
{
    internal JsonObject ToJson() => new()
    {
        ["apiGroups"] = new JsonArray(Group),
        ["resources"] = new JsonArray(Resource),
        ["verbs"] = new JsonArray([.. Verbs.Select(verb => JsonValue.Create(verb))]),
    };
}
