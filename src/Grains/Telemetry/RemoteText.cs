using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Grains.Telemetry;

/// <summary>Makes text from a remote cluster fit for a log or a terminal.</summary>
public static class RemoteText
{
    private const int MaxLength = 253;

    /// <summary>The text with control and format characters escaped (<c>\u001b</c>), and then at most 253 characters of it.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= MaxLength && !text.Any(IsUnprintable))
            return text;
        var escaped = new StringBuilder(MaxLength);
        foreach (var c in text)
        {
            var length = escaped.Length;
            if (IsUnprintable(c))
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

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
