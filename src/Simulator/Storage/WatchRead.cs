namespace KubePolicySemaphore.Simulator;

/// <summary>What a watch got in one read.</summary>
/// <param name="Count">Events read.</param>
/// <param name="ResourceVersion">The version up to which the watch has now seen everything.</param>
/// <param name="Lost">The watch was too slow: events it has not read are forgotten.</param>
/// <param name="Changed">Completes at the next change when nothing was read.</param>
internal readonly record struct WatchRead(int Count, long ResourceVersion, bool Lost, Task Changed);
