namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>A command of the program.</summary>
/// <param name="Name">Its word; empty for the operator itself.</param>
/// <param name="Summary">One line for the help.</param>
/// <param name="Run">Does it, and answers the exit code.</param>
internal sealed record Command(string Name, string Summary, Func<CommandContext, CancellationToken, Task<int>> Run)
{
    /// <summary>What the help calls its arguments; null when it takes none.</summary>
    public string? Argument { get; init; }

    /// <summary>The arguments it takes, for completion; empty: any.</summary>
    public IReadOnlyList<string> ArgumentWords { get; init; } = [];

    public IReadOnlyList<Flag> Flags { get; init; } = [];

    /// <summary>What the exit codes mean.</summary>
    public required string ExitCodes { get; init; }
}
