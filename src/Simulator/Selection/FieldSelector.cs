namespace KubePolicySemaphore.Simulator;

/// <summary>The field selectors every resource has: <c>metadata.name</c> and <c>metadata.namespace</c>.</summary>
internal sealed class FieldSelector(IReadOnlyList<(string Field, bool Negated, string Value)> terms)
{
    public bool IsEverything => terms.Count == 0;

    /// <exception cref="ApiError">400 when the text is no selector or names another field.</exception>
    public static FieldSelector Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return new FieldSelector([]);
        return new FieldSelector([.. text.Split(',').Select(ParseTerm)]);
    }

    public bool Matches(StoredObject candidate)
    {
        foreach (var (field, negated, value) in terms)
        {
            var actual = field == "metadata.name" ? candidate.Name : candidate.Namespace ?? "";
            if (actual == value == negated)
                return false;
        }

        return true;
    }

    private static (string Field, bool Negated, string Value) ParseTerm(string term)
    {
        var negated = term.Contains("!=", StringComparison.Ordinal);
        if (term.Split(negated ? "!=" : "=", 2) is not [var field, var value])
            throw ApiError.BadRequest($"invalid selector: '{term}'; can't understand '{term}'");
        if (field is not ("metadata.name" or "metadata.namespace"))
            throw ApiError.BadRequest($"field label not supported: {field}");
        return (field, negated, value.TrimStart('='));
    }
}
