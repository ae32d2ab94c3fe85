using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>
/// IPv6 text by RFC 5952, in hexadecimal throughout as Go and the API server write it. The framework writes the last
/// four bytes of some addresses (<c>::5efe:10.0.0.1</c>) in dotted form, which a reader may write back otherwise.
/// </summary>
internal static class IPv6Text
{
    private const int Groups = 8;
    private const int MaxLength = 39;

    public static string Format(ulong high, ulong low)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        TryFormat(high, low, text, out var length);
        return Encoding.ASCII.GetString(text[..length]);
    }

    public static bool TryFormat(ulong high, ulong low, Span<byte> utf8, out int length)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        for (var i = 0; i < Groups; i++)
            groups[i] = (ushort)((i < 4 ? high : low) >> (16 * (3 - (i % 4))));
        var zeros = LongestRunOfZeros(groups);

        Span<byte> text = stackalloc byte[MaxLength];
        length = 0;
        for (var i = 0; i < Groups; i++)
        {
            if (i == zeros.Start)
            {
                "::"u8.CopyTo(text[length..]);
                length += 2;
                i += zeros.Length - 1;
                continue;
            }

            if (length > 0 && text[length - 1] != ':')
                text[length++] = (byte)':';
            groups[i].TryFormat(text[length..], out var written, "x", CultureInfo.InvariantCulture);
            length += written;
        }

        return text[..length].TryCopyTo(utf8);
    }

    /// <summary>The first of the longest; a single group is never shortened (RFC 5952, 4.2).</summary>
    private static (int Start, int Length) LongestRunOfZeros(ReadOnlySpan<ushort> groups)
    {
        var longest = (Start: -1, Length: 1);
        var length = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            length = groups[i] == 0 ? length + 1 : 0;
            if (length > longest.Length)
                longest = (i - length + 1, length);
        }

        return longest;
    }
}
