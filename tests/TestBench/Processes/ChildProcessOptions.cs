namespace KubePolicySemaphore.TestBench.Processes;

/// <summary>What to start, and in which surroundings.</summary>
public sealed record ChildProcessOptions(string FileName)
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Added to this process's own environment; a <see langword="null"/> takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The current folder of this process when <see langword="null"/>.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Runs it in the network namespace of this process; needs root.</summary>
    public int? NetworkOf { get; init; }

    /// <summary>Written to standard input, which is then closed.</summary>
    public string? Input { get; init; }
}
