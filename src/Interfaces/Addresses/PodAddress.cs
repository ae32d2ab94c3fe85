using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>One IP address of a pod, 16 bytes, IPv4 and IPv6 alike.</summary>
/// <remarks>
/// IPv4 is held in its IPv4-mapped form (<c>::ffff:a.b.c.d</c>, RFC 4291 2.5.5.2). A mapped address always becomes
/// IPv4 here, so it has one form only and cannot pass a check in disguise.
/// </remarks>
[GenerateSerializer, Immutable, Alias("kps.PodAddress")]
public readonly record struct PodAddress : IComparable<PodAddress>
{
    /// <summary>Longest text of an address with its prefix: 39 characters and <c>/128</c>.</summary>
    public const int MaxNetLength = 43;

    private const ulong MappedPrefix = 0x0000_FFFF_0000_0000;

    [Id(0)] private readonly ulong _high;
    [Id(1)] private readonly ulong _low;

    private PodAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>True for IPv4, IPv4-mapped IPv6 included.</summary>
    public bool IsIPv4 => _high == 0 && (_low & 0xFFFF_FFFF_0000_0000) == MappedPrefix;

    internal ulong High => _high;

    internal ulong Low => _low;

    internal uint IPv4Bits => (uint)_low;

    internal static PodAddress FromIPv4Bits(uint bits) => new(0, MappedPrefix | bits);

    /// <summary>Takes any <see cref="IPAddress"/>, whatever its range; a scope id is dropped.</summary>
    public static PodAddress From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        return written == 4
            ? new(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>The same address as the framework's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes);
    }

    /// <summary>RFC 5952 text without prefix, as <c>10.0.0.1</c> or <c>fd00::1</c>.</summary>
    public override string ToString() => IsIPv4 ? ToIPAddress().ToString() : IPv6Text.Format(_high, _low);

    /// <summary>The net that Calico gets: the address with <c>/32</c> or <c>/128</c>, never another prefix.</summary>
    public string ToNet() => ToString() + (IsIPv4 ? "/32" : "/128");

    /// <summary>Writes what <see cref="ToNet"/> tells, as UTF-8; returns its length.</summary>
    /// <exception cref="ArgumentException">There is no room: <see cref="MaxNetLength"/> is always enough.</exception>
    public int FormatNet(Span<byte> utf8)
    {
        int length;
        var formatted = IsIPv4 ? TryFormatIPv4(utf8, out length) : IPv6Text.TryFormat(_high, _low, utf8, out length);
        var prefix = IsIPv4 ? "/32"u8 : "/128"u8;
        if (!formatted || !prefix.TryCopyTo(utf8[length..]))
            throw new ArgumentException("No room for the net.", nameof(utf8));
        return length + prefix.Length;
    }

    private bool TryFormatIPv4(Span<byte> utf8, out int length)
    {
        length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            if (!((byte)(IPv4Bits >> shift)).TryFormat(utf8[length..], out var digits))
                return false;
            length += digits;
            if (shift == 0)
                return true;
            if (length == utf8.Length)
                return false;
            utf8[length++] = (byte)'.';
        }

        return true;
    }

    /// <summary>
    /// Seeded per process and over all bits: the record's own would let a remote cluster choose addresses that all
    /// fall into one bucket.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine((uint)(_high >> 32), (uint)_high, (uint)(_low >> 32), (uint)_low);

    /// <summary>IPv4 first, then by value. The order of nets in an object is that of their text, see <see cref="NetText"/>.</summary>
    public int CompareTo(PodAddress other)
    {
        if (IsIPv4 != other.IsIPv4)
            return IsIPv4 ? -1 : 1;
        var high = _high.CompareTo(other._high);
        return high != 0 ? high : _low.CompareTo(other._low);
    }

    public static bool operator <(PodAddress left, PodAddress right) => left.CompareTo(right) < 0;

    public static bool operator <=(PodAddress left, PodAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >(PodAddress left, PodAddress right) => left.CompareTo(right) > 0;

    public static bool operator >=(PodAddress left, PodAddress right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Reads an address as the kubelet writes it, strictly: only text that formats back to the same address, only
    /// unicast addresses that a pod can have.
    /// </summary>
    /// <remarks>
    /// The framework's parser alone reads <c>010.0.0.10</c> as 8.0.0.10 and <c>1</c> as 0.0.0.1. IPv6 may be written
    /// in upper case or in full, which changes no value; scopes, brackets, ports and prefixes are refused.
    /// </remarks>
    public static AddressFault Parse(ReadOnlySpan<char> text, out PodAddress address)
    {
        address = default;
        if (text.Length is 0 or > 45 || text.IndexOfAnyExcept(AddressCharacters) >= 0 || !IPAddress.TryParse(text, out var parsed))
            return AddressFault.NotAnAddress;
        if ((parsed.AddressFamily == AddressFamily.InterNetwork || text.Contains('.')) && !EndsInStrictIPv4(text))
            return AddressFault.NotAnAddress;
        address = From(parsed);
        return AddressRules.IsPodUnicast(address) ? AddressFault.None : AddressFault.NotUnicast;
    }

    private static readonly System.Buffers.SearchValues<char> AddressCharacters =
        System.Buffers.SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>The dotted end of an IPv6 address is as leniently read as IPv4 alone: <c>::ffff:10.0.0.01</c>.</summary>
    private static bool EndsInStrictIPv4(ReadOnlySpan<char> text)
    {
        var dotted = text[(text.LastIndexOf(':') + 1)..];
        Span<char> formatted = stackalloc char[15];
        return IPAddress.TryParse(dotted, out var parsed)
            && parsed.TryFormat(formatted, out var length)
            && dotted.SequenceEqual(formatted[..length]);
    }
}
