namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>A flag of the command line.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">What the help calls its value; null for a switch, which needs none.</param>
/// <param name="Description">One line.</param>
internal sealed record Flag(string Name, string? Value, string Description)
{
    /// <summary>What holds when it is not given, for the help and for reading; null: nothing.</summary>
    public string? Default { get; init; }

    /// <summary>The words it takes; empty: any text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Null when a value is good, else what is wrong with it.</summary>
    public Func<string, string?> Check { get; init; } = _ => null;

    /// <summary>Its environment variable; null when it has none.</summary>
    public string? Variable { get; init; }

    public bool IsSwitch => Value is null;
}
