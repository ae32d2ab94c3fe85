namespace KubePolicySemaphore.Simulator;

/// <summary>One change: created without <paramref name="Before"/>, deleted without <paramref name="After"/>.</summary>
internal readonly record struct StoreEvent(long ResourceVersion, StoredObject? Before, StoredObject? After);
