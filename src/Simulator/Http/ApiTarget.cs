namespace KubePolicySemaphore.Simulator;

/// <summary>What the path of a request names: <c>/apis/GROUP/VERSION/[namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]</c>.</summary>
internal sealed record ApiTarget(string Group, string Version, string? Namespace, string Resource, string? Name, string? Subresource)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string QualifiedResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    /// <summary>Null for paths that name no resource, such as <c>/healthz</c> and discovery.</summary>
    public static ApiTarget? Parse(string path) => path.Trim('/').Split('/') switch
    {
        ["api", var version, .. var rest] => Parse("", version, rest),
        ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
        _ => null,
    };

    private static ApiTarget? Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var ns, var resource, .. var tail] when tail.Length <= 2 => Create(group, version, ns, resource, tail),
        [var resource, .. var tail] when tail.Length <= 2 => Create(group, version, null, resource, tail),
        _ => null,
    };

    private static ApiTarget Create(string group, string version, string? ns, string resource, string[] tail) => new(
        group, version, ns, resource, tail.ElementAtOrDefault(0), tail.ElementAtOrDefault(1));
}
