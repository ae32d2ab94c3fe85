using System.Net;
using System.Numerics;
using CsCheck;
using KubePolicySemaphore.Interfaces.Addresses;

namespace KubePolicySemaphore.Interfaces.Tests.Addresses;

/// <summary>Addresses for properties, dense around what is special about them.</summary>
internal static class AddressGens
{
    public static readonly Gen<IPAddress> IPv4 = Gen.OneOf(
        Gen.UInt.Select(bits => FromIPv4Bits(bits)),
        Gen.OneOf<uint>(0, 0x0100_0000, 0x7F00_0000, 0xA9FE_0000, 0xE000_0000, 0xF000_0000)
            .Select(Gen.UInt[0, 4], (start, offset) => FromIPv4Bits(start - 2 + offset)));

    public static readonly Gen<IPAddress> IPv6 = Gen.OneOf(
        Gen.Select(Gen.ULong, Gen.ULong, FromIPv6Bits),
        // Groups that are often zero, or a prefix with a meaning.
        Gen.OneOf<ushort>(0, 0, 0, 0, 1, 0x5efe, 0xfe80, 0xffff, 0xff00, 0x64, 0xff9b, 0xabcd).Array[8].Select(FromGroups));

    public static readonly Gen<IPAddress> Any = Gen.OneOf(IPv4, IPv6);

    public static IPAddress FromIPv4Bits(uint bits) => new([(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);

    public static IPAddress FromIPv6Bits(ulong high, ulong low)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), low);
        return new(bytes);
    }

    public static IPAddress FromGroups(ushort[] groups) =>
        new([.. groups.SelectMany(group => new[] { (byte)(group >> 8), (byte)group })]);

    public static BigInteger Value(IPAddress address) => new(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);

    /// <summary>What no pod can have, as the rule is told to users: ranges as CIDR text and the framework's own containment.</summary>
    public static bool IsRefused(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Refused.Any(range => range.Contains(plain));
    }

    public static readonly IPNetwork[] Refused =
    [
        .. new[] { "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "::1/128", "fe80::/10", "ff00::/8" }
            .Select(IPNetwork.Parse),
    ];

    public static PodAddress Pod(string text) => PodAddress.From(IPAddress.Parse(text));
}
