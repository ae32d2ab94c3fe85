namespace KubePolicySemaphore.Bench.Benchmarks;

/// <summary>A piece of pure code.</summary>
/// <param name="Title">As the table names it.</param>
/// <param name="Operations">How many operations one run does.</param>
/// <param name="Run">Does them.</param>
internal sealed record HotPath(string Title, int Operations, Action Run)
{
    /// <summary>Bytes read or written by one operation; null where there are none.</summary>
    public double? Bytes { get; init; }
}
