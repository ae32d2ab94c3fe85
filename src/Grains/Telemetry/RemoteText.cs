using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Grains.Telemetry;

/// <summary>Makes text from a remote cluster fit for a log or a terminal.</summary>
public static class RemoteText
{
    private const int MaxLength = 253;

    /// <summary>The text with control and format characters escaped (<c>\u001b</c>), cut to 253 characters.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        if (!cut.Any(IsUnprintable))
            return cut;
        var escaped = new StringBuilder(cut.Length + 16);
        foreach (var c in cut)
        {
            if (IsUnprintable(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool IsUnprintable(char c) =>
        char.IsControl(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
