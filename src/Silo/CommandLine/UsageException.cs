namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>The command line or the configuration is wrong: the program ends with 2. Each line is told as an error of its own.</summary>
internal sealed class UsageException(params IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    public IReadOnlyList<string> Lines { get; } = lines;
}
