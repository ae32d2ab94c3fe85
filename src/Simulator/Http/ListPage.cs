namespace KubePolicySemaphore.Simulator;

/// <summary>One page of a list.</summary>
/// <param name="Continue">Null on the last page.</param>
/// <param name="Remaining">Objects on later pages; unknown where a selector filters.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Items, long ResourceVersion, ContinueToken? Continue, int? Remaining);
