namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>A write that a watch told of.</summary>
/// <param name="Type"><c>ADDED</c>, <c>MODIFIED</c> or <c>DELETED</c>.</param>
public sealed record NetworkSetEvent(string Type, string Name, IReadOnlyList<string> Nets)
{
    public override string ToString() => $"{Type} {Name} [{string.Join(' ', Nets)}]";
}
