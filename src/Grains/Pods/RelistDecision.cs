namespace KubePolicySemaphore.Grains.Pods;

/// <summary>What a sink made of a complete list.</summary>
/// <param name="ListAgainAfter">
/// Null when the list was applied: watch from it. Otherwise it was held back and nothing was applied: go on with the
/// stream from before where the server still has it, and list again after this time.
/// </param>
public readonly record struct RelistDecision(TimeSpan? ListAgainAfter)
{
    /// <summary>The list was applied.</summary>
    public static RelistDecision Applied => default;
}
