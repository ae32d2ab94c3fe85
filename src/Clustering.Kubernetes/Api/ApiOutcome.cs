namespace KubePolicySemaphore.Clustering.Kubernetes.Api;

/// <summary>Outcomes that are no failure of a part, but news about the object.</summary>
internal enum ApiOutcome
{
    /// <summary>As asked.</summary>
    Done,

    /// <summary>The object is not there, though its kind is served.</summary>
    Missing,

    /// <summary>It exists already (create), or too many wrote at once (patch): nothing was written.</summary>
    Conflict,

    /// <summary>
    /// 422: a <c>test</c> of the patch failed, a path of it is not there, or the schema refused the result. Servers tell
    /// them apart by words only, so look at the object again: if all that was tested still holds, it was the schema.
    /// </summary>
    Refused,
}
