namespace KubePolicySemaphore.Silo.Checking;

/// <summary>The outcome of one step of <c>check</c>.</summary>
/// <param name="What">Cluster and what was tried.</param>
/// <param name="Fault">Why it failed; null when it did not.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record CheckStep(string What, string? Fault = null, string? Hint = null);
