namespace KubePolicySemaphore.Simulator;

/// <summary>The bearer tokens that are let in; without any, everybody is.</summary>
internal sealed class TokenList(IEnumerable<string> tokens)
{
    private HashSet<string> _accepted = [.. tokens];

    public void Replace(IEnumerable<string> tokens) => Volatile.Write(ref _accepted, [.. tokens]);

    public bool Accepts(string? authorization)
    {
        const string scheme = "Bearer ";
        var accepted = Volatile.Read(ref _accepted);
        return accepted.Count == 0
            || (authorization?.StartsWith(scheme, StringComparison.Ordinal) == true && accepted.Contains(authorization[scheme.Length..]));
    }
}
