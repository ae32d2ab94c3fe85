using System.Text.Json.Nodes;

namespace KubePolicySemaphore.Simulator;

/// <summary>Answers which groups, versions and resources are served.</summary>
internal sealed class Discovery(ResourceCatalog catalog)
{
    private const string AuthorizationGroup = "authorization.k8s.io";

    /// <summary>The document for a path, or null when there is none.</summary>
    public JsonObject? Find(string path) => path.Trim('/').Split('/') switch
    {
        ["version"] => new JsonObject { ["major"] = "1", ["minor"] = "20", ["gitVersion"] = "v1.20.2-simulated", ["platform"] = "simulator" },
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["api", "v1"] => Resources("", "v1"),
        ["apis"] => new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Groups().Select(Group)]),
        },
        ["apis", var group] when Groups().Contains(group) => Group(group),
        ["apis", var group, var version] => Resources(group, version),
        _ => null,
    };

    private IEnumerable<string> Groups() =>
        catalog.Served.Select(resource => resource.Group).Where(group => group.Length > 0).Append(AuthorizationGroup).Distinct().Order(StringComparer.Ordinal);

    private JsonObject Group(string group)
    {
        var versions = catalog.Served.Where(resource => resource.Group == group).Select(resource => resource.Version).DefaultIfEmpty("v1").Distinct().ToList();
        return new JsonObject
        {
            ["kind"] = "APIGroup",
            ["apiVersion"] = "v1",
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(version => Version(group, version))]),
            ["preferredVersion"] = Version(group, versions[0]),
        };
    }

    private static JsonObject Version(string group, string version) =>
        new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private JsonObject? Resources(string group, string version)
    {
        var resources = catalog.Served.Where(resource => resource.Group == group && resource.Version == version).SelectMany(Describe).ToList();
        if (group == AuthorizationGroup && version == "v1")
            resources.Add(Describe("selfsubjectaccessreviews", "", "SelfSubjectAccessReview", false, "create"));
        return resources.Count == 0
            ? null
            : new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
                ["resources"] = new JsonArray([.. resources]),
            };
    }

    private static IEnumerable<JsonObject> Describe(ServedResource resource)
    {
        var type = resource.Type;
        yield return Describe(type.Plural, type.Singular, type.Kind, type.Namespaced, "create", "delete", "get", "list", "patch", "update", "watch");
        if (type.IsPods)
            yield return Describe("pods/status", "", type.Kind, type.Namespaced, "get", "patch", "update");
    }

    private static JsonObject Describe(string name, string singular, string kind, bool namespaced, params string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = singular,
        ["namespaced"] = namespaced,
        ["kind"] = kind,
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
    };
}
