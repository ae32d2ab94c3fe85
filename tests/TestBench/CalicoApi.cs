namespace KubePolicySemaphore.TestBench;

/// <summary>An API in which Calico serves GlobalNetworkSets.</summary>
/// <param name="GroupVersion">As in <c>apiVersion</c>.</param>
/// <param name="Manifest">The name of the embedded CRD.</param>
public sealed record CalicoApi(string GroupVersion, string Manifest)
{
    public static CalicoApi Crd { get; } = new("crd.projectcalico.org/v1", "globalnetworkset-crd.yaml");

    /// <summary>The native CRD of Calico 3.32 and later.</summary>
    public static CalicoApi V3 { get; } = new("projectcalico.org/v3", "globalnetworkset-v3.yaml");

    public string Group => GroupVersion.Split('/')[0];

    /// <summary>The collection's path on an API server.</summary>
    public string Path => $"/apis/{GroupVersion}/globalnetworksets";

    public string CrdName => $"globalnetworksets.{Group}";

    public string ReadManifest() => Manifests.Read(Manifest);

    public override string ToString() => GroupVersion;
}
