namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>What a command works with.</summary>
/// <param name="Flags">Its flags and arguments.</param>
/// <param name="Output">For what was asked for.</param>
/// <param name="Error">For errors.</param>
/// <param name="Colours">True when the output is a terminal that shows colours.</param>
internal sealed record CommandContext(FlagValues Flags, TextWriter Output, TextWriter Error, bool Colours)
{
    /// <summary>Tells an error in one line.</summary>
    public void Fail(string message) => Error.WriteLine($"error: {message}");
}
