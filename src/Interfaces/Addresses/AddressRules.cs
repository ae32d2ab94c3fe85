namespace KubePolicySemaphore.Interfaces.Addresses;

/// <summary>Which addresses a pod of another cluster can have at all.</summary>
internal static class AddressRules
{
    /// <summary>
    /// False for 0/8, 127/8, 169.254/16, 224/4, 240/4, ::/8's special addresses (::, ::1), fe80::/10 and ff00::/8,
    /// which would open a policy for this node, its metadata service or everybody
    /// (https://www.iana.org/assignments/iana-ipv4-special-registry).
    /// </summary>
    public static bool IsPodUnicast(PodAddress address)
    {
        if (address.IsIPv4)
        {
            var bits = address.IPv4Bits;
            var first = bits >> 24;
            return first is not (0 or 127) && first < 224 && bits >> 16 != 0xA9FE;
        }

        var unspecifiedOrLoopback = address.High == 0 && address.Low <= 1;
        var linkLocal = address.High >> 54 == 0xFE80 >> 6;
        var multicast = address.High >> 56 == 0xFF;
        return !unspecifiedOrLoopback && !linkLocal && !multicast;
    }
}
