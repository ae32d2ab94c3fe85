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

    /// <summary>False for text that is no CIDR, and for one with bits set behind its prefix (<c>10.4.0.1/16</c>).</summary>
    public static bool TryParse(string text, out Cidr cidr)
    {
        var valid = IPNetwork.TryParse(text, out var network) && text.StartsWith(network.BaseAddress.ToString() + "/", StringComparison.OrdinalIgnoreCase);
        cidr = valid ? new(network) : default;
        return valid;
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
