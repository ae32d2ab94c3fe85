namespace KubePolicySemaphore.Bench.Load;

/// <summary>How often pods change.</summary>
/// <param name="Title">As the table names it.</param>
/// <param name="Rate">Changes per second, whatever becomes of them; null: as fast as they are propagated.</param>
internal sealed record PropagationLoad(string Title, double? Rate);
