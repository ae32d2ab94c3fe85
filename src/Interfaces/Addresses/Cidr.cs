using System.Net;

namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>A range of addresses, as <c>10.4.0.0/16</c> or <c>fd00:10:4::/48</c>.</summary>
public readonly record struct Cidr
{
    private readonly PodAddress _base;
    private readonly int _length;
    private readonly bool _isIPv4;

    private Cidr(IPNetwork network)
    {
        _base = PodAddress.From(network.BaseAddress);
        _isIPv4 = network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork;
        _length = network.PrefixLength;
    }

    /// <summary>
    /// Reads text that formats back to itself, IPv6 in either case. False for any other, for bits behind the prefix
    /// (<c>10.4.0.1/16</c>), and for IPv4 in disguise (<c>::ffff:10.4.0.0/112</c>), which would contain nothing.
    /// </summary>
    public static bool TryParse(string text, out Cidr cidr)
    {
        cidr = IPNetwork.TryParse(text, out var network) ? new(network) : default;
        // The default is ::/0, so no other text passes as it.
        return string.Equals(text, cidr.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True when the address is of the same family and within the range.</summary>
    public bool Contains(PodAddress address)
    {
        if (address.IsIPv4 != _isIPv4)
            return false;
        var bits = _isIPv4 ? _length + 96 : _length;
        return ((address.High ^ _base.High) & Mask(bits)) == 0 && ((address.Low ^ _base.Low) & Mask(bits - 64)) == 0;
    }

    /// <summary>The range as CIDR text.</summary>
    public override string ToString() => $"{_base}/{_length}";

    private static ulong Mask(int bits) => bits <= 0 ? 0 : bits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - bits);
}
