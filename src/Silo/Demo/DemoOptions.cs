namespace KubePolicySemaphore.Silo.Demo;

/// <summary>What <c>demo</c> is asked for.</summary>
internal sealed record DemoOptions
{
    /// <summary>How long pods come and go; null: until interrupted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Flags that are passed on to the operator: addresses and ports.</summary>
    public required IReadOnlyList<string> OperatorFlags { get; init; }

    /// <summary>The admin address in force, for the commands that are printed.</summary>
    public required string AdminAddress { get; init; }
}
