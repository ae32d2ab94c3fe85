namespace KubePolicySemaphore.Grains.Pods;

/// <summary>The texts of a pod that a <see cref="PodBatch"/> keeps.</summary>
public enum PodText
{
    /// <summary><c>metadata.namespace</c>.</summary>
    Namespace,

    /// <summary><c>metadata.name</c>.</summary>
    Name,

    /// <summary>The value of the annotation or label that names the set.</summary>
    SetName,

    /// <summary>Text in the place of an address that is none, cut to 253 characters.</summary>
    RefusedAddress,
}
