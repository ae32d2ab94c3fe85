namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>What the program ends with; each command says in its own words what 1 means.</summary>
internal static class ExitCode
{
    /// <summary>All well.</summary>
    public const int Success = 0;

    /// <summary>The command's answer is no, or a fatal error.</summary>
    public const int Failure = 1;

    /// <summary>Bad flags or configuration, or, for <c>verify</c>, a cluster that could not be read.</summary>
    public const int Usage = 2;

    /// <summary>No silo answers.</summary>
    public const int NoAnswer = 3;
}
