namespace KubePolicySemaphore.Grains.NetworkSets;

/// <summary>How a request to the local API server ended: values of the metric's label <c>result</c>.</summary>
public enum StoreOutcome
{
    /// <summary>Done; the result holds the object (none after a delete).</summary>
    Done,

    /// <summary>409: the object changed meanwhile, or exists already.</summary>
    Conflict,

    /// <summary>404 of the object.</summary>
    NotFound,

    /// <summary>404 of the API itself: Calico's CRD is missing, or moved to the other group.</summary>
    ApiMissing,

    /// <summary>401 or 403.</summary>
    Forbidden,

    /// <summary>400, 413, 422: the object is refused for what it is.</summary>
    Invalid,

    /// <summary>429.</summary>
    Busy,

    /// <summary>No answer, 5xx, or an answer that is not understood. The write may have been done all the same.</summary>
    Failed,
}
