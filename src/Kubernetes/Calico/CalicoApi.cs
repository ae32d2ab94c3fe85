namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>An API in which Calico serves GlobalNetworkSets.</summary>
public sealed class CalicoApi
{
    internal const string Plural = "globalnetworksets";
    internal const string Kind = "GlobalNetworkSet";

    private CalicoApi(string group, string version)
    {
        Group = group;
        GroupVersion = $"{group}/{version}";
        Resource = $"{Plural}.{group}";
        Path = $"apis/{GroupVersion}/{Plural}";
    }

    /// <summary>Served by the API server itself, from Calico's own CRDs.</summary>
    public static CalicoApi CrdV1 { get; } = new("crd.projectcalico.org", "v1");

    /// <summary>Served by Calico's aggregated API server, or as a native CRD since Calico 3.32.</summary>
    public static CalicoApi V3 { get; } = new("projectcalico.org", "v3");

    /// <summary>The API group, as a role names it.</summary>
    public string Group { get; }

    /// <summary>As in <c>apiVersion</c>.</summary>
    public string GroupVersion { get; }

    /// <summary><c>globalnetworksets.&lt;group&gt;</c>, as <c>kubectl</c> takes it.</summary>
    public string Resource { get; }

    /// <summary>Path of the collection, relative to the server.</summary>
    internal string Path { get; }

    /// <inheritdoc />
    public override string ToString() => GroupVersion;
}
