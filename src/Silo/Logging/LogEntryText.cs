using System.Collections;
using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Silo.Logging;

/// <summary>
/// Renders a log message from its template with every value escaped and cut: pod, namespace and server texts are
/// somebody else's, and a line break among them would forge a line of this log.
/// </summary>
internal static class LogEntryText
{
    private const string Template = "{OriginalFormat}";

    /// <summary>The message; <paramref name="formatted"/> is what to fall back on where there is no template.</summary>
    public static string Render<TState>(TState state, Func<string> formatted)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values
            || values.LastOrDefault(value => value.Key == Template).Value is not string template)
        {
            return SafeText.Escape(formatted());
        }

        var text = new StringBuilder();
        var next = 0;
        foreach (var part in Placeholders(template))
        {
            text.Append(part.Literal);
            if (part.Name is null)
                continue;
            // By place, as the framework does: a name may stand in a template twice.
            var value = next < values.Count ? values[next++].Value : null;
            text.Append(Value(value, part.Format));
        }

        return text.ToString();
    }

    /// <summary>The values under their names, as text, number or boolean.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Fields<TState>(TState state) =>
        state is IReadOnlyList<KeyValuePair<string, object?>> values
            ? values.Where(value => value.Key != Template).DistinctBy(value => value.Key)
            : [];

    /// <summary>One value as text, escaped and cut.</summary>
    public static string Value(object? value, string? format = null) => value switch
    {
        null => "(null)",
        TimeSpan duration when format is null => Configuration.GoDuration.Format(Round(duration)),
        string text => SafeText.Escape(text),
        IFormattable formattable => SafeText.Escape(formattable.ToString(format, CultureInfo.InvariantCulture)),
        IEnumerable items => SafeText.Escape(string.Join(", ", items.Cast<object?>())),
        _ => SafeText.Escape(value.ToString() ?? ""),
    };

    // What is finer than a millisecond says nothing in a log, unless there is nothing else.
    private static TimeSpan Round(TimeSpan duration) => duration.Duration() < TimeSpan.FromMilliseconds(1)
        ? duration
        : TimeSpan.FromMilliseconds(Math.Round(duration.TotalMilliseconds));

    private static IEnumerable<(string Literal, string? Name, string? Format)> Placeholders(string template)
    {
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf('{', at);
            var close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
                break;
            var inside = template[(open + 1)..close].Split(':', 2);
            yield return (template[at..open], inside[0], inside.Length > 1 ? inside[1] : null);
            at = close + 1;
        }

        yield return (template[at..], null, null);
    }
}
