using KubePolicySemaphore.Interfaces.Naming;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>
/// The grammar of label selectors as the API server parses them
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors).
/// </summary>
internal static class LabelSelector
{
    private static readonly string[] Operators = ["==", "=", "!=", ">", "<"];

    /// <summary>Null when the selector parses, else what is wrong with it.</summary>
    public static string? Check(string selector)
    {
        var tokens = new Queue<string>(Tokenize(selector));
        if (tokens.Count == 0)
            return "it is empty";
        while (true)
        {
            if (CheckRequirement(tokens) is { } fault)
                return fault;
            if (tokens.Count == 0)
                return null;
            if (tokens.Dequeue() is not "," and var token)
                return $"expected , or the end, found {Show(token)}";
        }
    }

    private static string? CheckRequirement(Queue<string> tokens)
    {
        var absent = Take(tokens, "!");
        if (!tokens.TryDequeue(out var key) || !IsWord(key))
            return $"expected a label key, found {Show(key)}";
        if (!IsLabelKey(key))
            return $"{SafeText.Quote(key)} is not a label key";
        if (absent || !tokens.TryPeek(out var token) || token == ",")
            return null;

        tokens.Dequeue();
        if (token is "in" or "notin")
            return CheckValues(tokens);
        return Operators.Contains(token) ? CheckValue(tokens, token) : $"expected an operator, found {Show(token)}";
    }

    private static string? CheckValue(Queue<string> tokens, string comparison)
    {
        // "key=" asks for the empty value.
        var value = tokens.TryPeek(out var next) && next != "," ? tokens.Dequeue() : "";
        if (comparison is "<" or ">")
            return long.TryParse(value, out _) ? null : $"{comparison} needs a whole number, found {Show(value)}";
        return IsValue(value) ? null : $"{SafeText.Quote(value)} is not a label value";
    }

    private static string? CheckValues(Queue<string> tokens)
    {
        if (!Take(tokens, "("))
            return $"expected ( after in or notin, found {Show(tokens.FirstOrDefault())}";
        while (true)
        {
            var value = tokens.TryPeek(out var next) && next is not ("," or ")") ? tokens.Dequeue() : "";
            if (!IsValue(value))
                return $"{SafeText.Quote(value)} is not a label value";
            if (!tokens.TryDequeue(out var end))
                return "the ( has no )";
            if (end == ")")
                return null;
            if (end != ",")
                return $"expected , or ), found {Show(end)}";
        }
    }

    private static bool Take(Queue<string> tokens, string token)
    {
        var found = tokens.TryPeek(out var next) && next == token;
        if (found)
            tokens.Dequeue();
        return found;
    }

    private static bool IsWord(string token) => token[0] is not ('(' or ')' or ',' or '!' or '=' or '<' or '>');

    private static bool IsValue(string value) => value.Length == 0 || KubernetesName.IsLabelValue(value);

    /// <summary>A label or annotation key: an optional DNS subdomain and a slash, then a name of at most 63 characters.</summary>
    public static bool IsLabelKey(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return (slash < 0 || KubernetesName.IsSubdomain(key.AsSpan(0, slash))) && KubernetesName.IsLabelValue(key.AsSpan(slash + 1));
    }

    private static string Show(string? token) => token is null ? "the end" : SafeText.Quote(token);

    private static IEnumerable<string> Tokenize(string selector)
    {
        for (var i = 0; i < selector.Length;)
        {
            var start = i;
            if (char.IsWhiteSpace(selector[i]))
            {
                i++;
                continue;
            }

            if (selector[i] is '(' or ')' or ',' or '<' or '>')
                i++;
            else if (selector[i] is '=' or '!')
                i += i + 1 < selector.Length && selector[i + 1] == '=' ? 2 : 1;
            else
                while (i < selector.Length && !char.IsWhiteSpace(selector[i]) && !"(),!=<>".Contains(selector[i], StringComparison.Ordinal))
                    i++;
            yield return selector[start..i];
        }
    }
}
