using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Kubernetes.Http;

/// <summary>Text from another host on its way into a message or a log.</summary>
internal static class RemoteText
{
    /// <summary>Longest remote text shown, in characters.</summary>
    public const int MaxLength = 253;

    /// <summary>One line: cut, with control characters, line separators and what else could fool a terminal escaped.</summary>
    public static string Show(ReadOnlySpan<char> text)
    {
        var cut = text.Length > MaxLength;
        if (cut)
            text = text[..MaxLength];
        var shown = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (IsPlain(character))
                shown.Append(character);
            else
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return (cut ? shown.Append("...") : shown).ToString();
    }

    // Format characters (Cf) include the bidirectional overrides, which show a text other than it is.
    private static bool IsPlain(char character) => char.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
