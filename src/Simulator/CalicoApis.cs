namespace KubePolicySemaphore.Simulator;

/// <summary>The API groups in which the one store of GlobalNetworkSets is served.</summary>
[Flags]
public enum CalicoApis
{
    /// <summary>Calico is not installed.</summary>
    None = 0,

    /// <summary><c>crd.projectcalico.org/v1</c>.</summary>
    CrdV1 = 1,

    /// <summary><c>projectcalico.org/v3</c>.</summary>
    V3 = 2,

    /// <summary>Both groups at once.</summary>
    Both = CrdV1 | V3,
}
