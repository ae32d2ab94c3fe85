namespace KubePolicySemaphore.Simulator;

/// <summary>One term of a label selector; <see cref="Values"/> null asks only whether the key is there.</summary>
internal sealed record LabelRequirement(string Key, bool Negated, string[]? Values)
{
    public bool Matches(KeyValuePair<string, string>[] labels)
    {
        foreach (var (key, value) in labels)
        {
            // A negated requirement with values is also met by an object that lacks the key.
            if (key == Key)
                return Negated != (Values is null || Values.Contains(value));
        }

        return Negated;
    }
}
