using System.Collections.Immutable;

namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>The text of <c>spec.nets</c>: order and strict reading.</summary>
public static class NetText
{
    /// <summary>Nets in the order in which they stand in an object: ordinal order of the text, as <c>sort</c> in jq or Go.</summary>
    public static string[] Format(IEnumerable<PodAddress> addresses)
    {
        var nets = addresses.Select(address => address.ToNet()).ToArray();
        Array.Sort(nets, StringComparer.Ordinal);
        return nets;
    }

    /// <summary>
    /// Reads one net exactly as <see cref="PodAddress.ToNet"/> writes it. Any other text, be it equal in meaning, is
    /// false: an object that holds it must be written anew.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> net, out PodAddress address)
    {
        address = default;
        var slash = net.LastIndexOf('/');
        return slash > 0
            && PodAddress.Parse(net[..slash], out address) == AddressFault.None
            && net.SequenceEqual(address.ToNet());
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out PodAddress)"/>, from UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Net, out PodAddress address)
    {
        if (TryParseIPv4(utf8Net, out address))
            return true;
        address = default;
        Span<char> text = stackalloc char[PodAddress.MaxNetLength];
        return utf8Net.Length <= text.Length
            && System.Text.Ascii.ToUtf16(utf8Net, text, out var length) == System.Buffers.OperationStatus.Done
            && TryParse(text[..length], out address);
    }

    // Nearly all nets are IPv4, and an object has hundreds: no string for each.
    private static bool TryParseIPv4(ReadOnlySpan<byte> net, out PodAddress address)
    {
        address = default;
        if (!net.EndsWith("/32"u8))
            return false;
        net = net[..^3];
        var bits = 0u;
        for (var part = 0; part < 4; part++)
        {
            var end = part < 3 ? net.IndexOf((byte)'.') : net.Length;
            // A leading zero is another text for the same address.
            if (end is < 1 or > 3 || (end > 1 && net[0] == '0'))
                return false;
            var value = 0u;
            foreach (var digit in net[..end])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                    return false;
                value = (value * 10) + digit - '0';
            }

            if (value > 255)
                return false;
            bits = (bits << 8) | value;
            if (part < 3)
                net = net[(end + 1)..];
        }

        address = PodAddress.FromIPv4Bits(bits);
        return AddressRules.IsPodUnicast(address);
    }

    /// <summary>
    /// True when the texts are what <see cref="Format"/> makes of <paramref name="addresses"/>, which are those that
    /// could be read at all.
    /// </summary>
    public static bool TryParseAll(IReadOnlyList<string> nets, out ImmutableArray<PodAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(nets);
        var read = ImmutableArray.CreateBuilder<PodAddress>(nets.Count);
        var exact = true;
        for (var i = 0; i < nets.Count; i++)
        {
            exact &= i == 0 || string.CompareOrdinal(nets[i - 1], nets[i]) < 0;
            if (TryParse(nets[i], out var address))
                read.Add(address);
            else
                exact = false;
        }

        addresses = read.DrainToImmutable();
        return exact;
    }
}
