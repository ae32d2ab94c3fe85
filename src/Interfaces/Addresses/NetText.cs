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
