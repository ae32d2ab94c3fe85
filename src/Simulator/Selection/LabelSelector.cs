namespace KubePolicySemaphore.Simulator;

/// <summary>A label selector in Kubernetes' text form: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
internal sealed class LabelSelector(IReadOnlyList<LabelRequirement> requirements)
{
    public static LabelSelector Everything { get; } = new([]);

    public bool IsEverything => requirements.Count == 0;

    /// <exception cref="ApiError">400 when the text is no selector.</exception>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Everything;
        return new LabelSelector([.. SplitTerms(text).Select(ParseTerm)]);
    }

    public bool Matches(KeyValuePair<string, string>[] labels)
    {
        foreach (var requirement in requirements)
        {
            if (!requirement.Matches(labels))
                return false;
        }

        return true;
    }

    private static IEnumerable<string> SplitTerms(string text)
    {
        var (start, depth) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth != 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    private static LabelRequirement ParseTerm(string text)
    {
        var term = text.Trim();
        if (term.IndexOf('(', StringComparison.Ordinal) is > 0 and var open)
            return ParseSet(term, open);
        if (term.Split("!=", 2) is [var unequalKey, var unequalValue])
            return Requirement(unequalKey, negated: true, [unequalValue], text);
        if (term.Split("==", 2) is [var equalKey, var equalValue])
            return Requirement(equalKey, negated: false, [equalValue], text);
        if (term.Split('=', 2) is [var key, var value])
            return Requirement(key, negated: false, [value], text);
        return term.StartsWith('!') ? Requirement(term[1..], negated: true, null, text) : Requirement(term, negated: false, null, text);
    }

    private static LabelRequirement ParseSet(string term, int open)
    {
        var words = term[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words is not [var key, "in" or "notin"] || !term.EndsWith(')'))
            throw Unparsable(term);
        return Requirement(key, words[1] == "notin", term[(open + 1)..^1].Split(','), term);
    }

    private static LabelRequirement Requirement(string key, bool negated, string[]? values, string text)
    {
        var trimmed = values?.Select(value => value.Trim()).ToArray();
        if (!Names.IsQualifiedName(key.Trim()) || trimmed?.All(Names.IsLabelValue) == false)
            throw Unparsable(text);
        return new LabelRequirement(key.Trim(), negated, trimmed);
    }

    private static ApiError Unparsable(string text) => ApiError.BadRequest($"unable to parse requirement: {text}");
}
