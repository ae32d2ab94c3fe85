namespace KubePolicySemaphore.Interfaces.Feed;

/// <summary>
/// What a restart must find of a cluster that has left the configuration. Calico's objects are all that is kept, so it
/// stands in their annotations.
/// </summary>
public static class RemovalMarks
{
    /// <summary>
    /// On every object of a cluster whose entry says <c>onRemoval: Retain</c>, with the value <see cref="Retain"/>:
    /// once the entry is gone nothing else tells that the objects are to stay.
    /// </summary>
    public const string OnRemovalAnnotation = "kube-policy-semaphore/on-removal";

    /// <summary>
    /// On one object of a cluster that has left the configuration: when its grace period began, RFC 3339 in UTC.
    /// </summary>
    public const string RemovalStartedAnnotation = "kube-policy-semaphore/removal-started";

    /// <summary>Value of <see cref="OnRemovalAnnotation"/>.</summary>
    public const string Retain = "Retain";
}
