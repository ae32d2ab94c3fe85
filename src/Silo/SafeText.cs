using System.Globalization;
using System.Text;
using KubePolicySemaphore.Grains.Telemetry;

namespace KubePolicySemaphore.Silo;

/// <summary>Makes text that somebody else wrote fit for a line of a log or a terminal.</summary>
internal static class SafeText
{
    /// <summary>Control and format characters escaped as <c>\u001b</c>, cut to <see cref="RemoteText.MaxLength"/>.</summary>
    public static string Escape(string text) => RemoteText.Escape(text);

    /// <summary>The text in quotes, escaped and cut.</summary>
    public static string Quote(string text) => $"\"{Escape(text)}\"";

    /// <summary>Appends one character, escaped where a terminal could take it for more than itself.</summary>
    public static void Append(StringBuilder target, char character)
    {
        if (RemoteText.MustEscape(character))
            target.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        else
            target.Append(character);
    }
}
