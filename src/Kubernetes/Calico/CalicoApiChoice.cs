namespace KubePolicySemaphore.Kubernetes.Calico;

/// <summary>Which of Calico's APIs is used: the configuration's <c>calicoApi</c>.</summary>
public enum CalicoApiChoice
{
    /// <summary>The one that is served; <c>projectcalico.org/v3</c> where both are.</summary>
    Auto,

    /// <summary><c>crd.projectcalico.org/v1</c>.</summary>
    CrdV1,

    /// <summary><c>projectcalico.org/v3</c>.</summary>
    V3,
}
