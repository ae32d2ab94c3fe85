using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Grains.Telemetry;

/// <summary>Makes text from a remote cluster fit for a log or a terminal.</summary>
public static class RemoteText
{
    /// <summary>Longest text that is shown, in characters: the longest name Kubernetes has.</summary>
    public const int MaxLength = 253;

    /// <summary>The text with control and format characters escaped (<c>\u001b</c>), and then at most 253 characters of it; empty for null.</summary>
    public static string Escape(string? text)
    {
        text ??= "";
        if (text.Length <= MaxLength && !text.Any(MustEscape))
            return text;
        var escaped = new StringBuilder(MaxLength);
        foreach (var c in text)
        {
            var length = escaped.Length;
            if (MustEscape(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                escaped.Append(c);
            if (escaped.Length <= MaxLength)
                continue;
            // Never half an escape.
            escaped.Length = length;
            break;
        }

        return escaped.ToString();
    }

    /// <summary>
    /// Control characters end lines and start escape sequences; format characters (bidirectional overrides) make text
    /// look like other text; a surrogate alone is no text at all, and pairs are kept out with it.
    /// </summary>
    public static bool MustEscape(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
