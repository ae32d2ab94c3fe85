namespace KubePolicySemaphore.EndToEnd.Tests.Grid.Chaos;

/// <summary>What a write made of an object.</summary>
/// <param name="At">By the run's clock.</param>
/// <param name="Nets">Empty when it was deleted.</param>
internal sealed record SetWrite(TimeSpan At, string Object, IReadOnlySet<string> Nets, bool Deleted)
{
    public override string ToString() => $"{At:mm\\:ss\\.fff} {(Deleted ? "deleted" : "wrote")} {Object} [{string.Join(' ', Nets.Order(StringComparer.Ordinal))}]";
}
