using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>
/// Reads flags as Go's package flag does, so that the original operator's command lines go on working: <c>-flag v</c>,
/// <c>--flag v</c>, <c>-flag=v</c>, <c>--flag=v</c>; a switch takes a value by <c>=</c> only.
/// </summary>
internal static class FlagParser
{
    /// <param name="flags">The flags that there are.</param>
    /// <param name="arguments">The command line behind the command.</param>
    /// <param name="environment">Reads an environment variable; an empty one counts as not set.</param>
    /// <exception cref="UsageException">A flag is unknown, lacks its value, or has a bad one.</exception>
    public static FlagValues Parse(IReadOnlyList<Flag> flags, IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = new Dictionary<string, (string Text, string GivenAs)>();
        foreach (var flag in flags)
        {
            if (flag.Variable is { } variable && environment(variable) is { Length: > 0 } text)
                given[flag.Name] = (Checked(flag, text, variable), variable);
        }

        var rest = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            if (argument == "--")
            {
                rest.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                rest.Add(argument);
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var givenAs = equals < 0 ? argument : argument[..equals];
            var flag = Find(flags, givenAs);
            var value = equals >= 0 ? argument[(equals + 1)..]
                : flag.IsSwitch ? "true"
                : ++i < arguments.Count ? arguments[i]
                : throw new UsageException($"{givenAs}: needs a value: {flag.Value}");
            given[flag.Name] = (Checked(flag, value, givenAs), givenAs);
        }

        return new FlagValues(flags, given, rest);
    }

    private static Flag Find(IReadOnlyList<Flag> flags, string givenAs)
    {
        var name = givenAs.TrimStart('-');
        return givenAs.Length - name.Length <= 2 && flags.FirstOrDefault(flag => flag.Name == name) is { } flag
            ? flag
            : throw new UsageException($"{SafeText.Escape(givenAs)}: unknown flag{Suggestion.For(name, flags.Select(known => known.Name))}");
    }

    private static string Checked(Flag flag, string text, string givenAs) => flag.Check(text) is { } fault
        ? throw new UsageException($"{givenAs}: {SafeText.Quote(text)} {fault}")
        : text;
}
