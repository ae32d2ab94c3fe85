using System.Collections.Frozen;

namespace KubePolicySemaphore.Simulator;

/// <summary>All tables of a server and the API versions that serve them.</summary>
internal sealed class ResourceCatalog
{
    public const string CrdGroup = "crd.projectcalico.org";
    public const string V3Group = "projectcalico.org";

    private readonly FrozenDictionary<(string Group, string Version, string Plural), ServedResource> _served;

    public ResourceCatalog(SimulatorOptions options)
    {
        CalicoApis = options.CalicoApis;
        Pods = new ObjectTable(ResourceType.Pods, Versions, options.HistoryLength);
        NetworkSets = new ObjectTable(ResourceType.GlobalNetworkSets, Versions, options.HistoryLength);
        var custom = options.CustomResources.Select(resource => new ServedResource(
            resource.Group,
            resource.Version,
            new ObjectTable(
                new ResourceType(resource.Plural, resource.Kind.ToLowerInvariant(), resource.Kind, resource.Namespaced),
                Versions,
                options.HistoryLength)));
        ServedResource[] all =
        [
            new ServedResource("", "v1", Pods),
            new ServedResource(CrdGroup, "v1", NetworkSets),
            new ServedResource(V3Group, "v3", NetworkSets),
            .. custom,
        ];
        _served = all.ToFrozenDictionary(resource => (resource.Group, resource.Version, resource.Type.Plural));
    }

    public VersionCounter Versions { get; } = new();

    public ObjectTable Pods { get; }

    public ObjectTable NetworkSets { get; }

    public CalicoApis CalicoApis { get; set; }

    public IEnumerable<ServedResource> Served => _served.Values.Where(IsServed);

    public ServedResource? Find(ApiTarget target) =>
        _served.TryGetValue((target.Group, target.Version, target.Resource), out var found) && IsServed(found) ? found : null;

    private bool IsServed(ServedResource resource) => resource.Group switch
    {
        CrdGroup => CalicoApis.HasFlag(CalicoApis.CrdV1),
        V3Group => CalicoApis.HasFlag(CalicoApis.V3),
        _ => true,
    };
}
