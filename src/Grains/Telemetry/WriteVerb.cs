namespace KubePolicySemaphore.Grains.Telemetry;

/// <summary>Kinds of writes: values of the metric's label <c>verb</c>.</summary>
internal enum WriteVerb
{
    Create,
    Update,
    Delete,
}
