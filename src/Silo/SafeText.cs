using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Silo;

/// <summary>Makes text that somebody else wrote fit for a line of a log or a terminal.</summary>
internal static class SafeText
{
    /// <summary>Longest text that is kept, in characters: the longest name Kubernetes has.</summary>
    public const int MaxLength = 253;

    /// <summary>Control and format characters escaped as <c>\u001b</c>, cut to <see cref="MaxLength"/>.</summary>
    public static string Escape(string text)
    {
        var cut = text.Length > MaxLength;
        if (!cut && !text.Any(MustEscape))
            return text;
        var escaped = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
            Append(escaped, character);
        return cut ? escaped.Append('…').ToString() : escaped.ToString();
    }

    /// <summary>The text in quotes, escaped and cut.</summary>
    public static string Quote(string text) => $"\"{Escape(text)}\"";

    /// <summary>Appends one character, escaped where a terminal could take it for more than itself.</summary>
    public static void Append(StringBuilder target, char character)
    {
        if (MustEscape(character))
            target.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        else
            target.Append(character);
    }

    /// <summary>
    /// Control characters end lines and start escape sequences; format characters (bidirectional overrides) make text
    /// look like other text; a surrogate alone is no text at all, and pairs are kept out with it.
    /// </summary>
    public static bool MustEscape(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
