namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>How the configuration stands.</summary>
/// <param name="Error">Why the file was last refused; null when what it says is in force.</param>
/// <param name="Loaded">When what is in force was loaded.</param>
internal sealed record ConfigurationState(string? Error, DateTimeOffset Loaded)
{
    public bool IsValid => Error is null;
}
