using System.Globalization;
using System.Net;
using Orleans.Runtime;

namespace KubePolicySemaphore.Clustering.Kubernetes.Membership;

/// <summary>A silo's key in the object: <c>10.0.0.1:11111@123456789</c>, endpoint and generation, as Orleans prints it.</summary>
internal static class SiloKey
{
    public static string Of(SiloAddress silo) => silo.ToParsableString();

    /// <summary>Null for what is no such key. Orleans' own parser throws whatever comes.</summary>
    public static SiloAddress? Parse(string? key)
    {
        if (key is null)
            return null;
        var at = key.LastIndexOf('@');
        var colon = at < 0 ? -1 : key.LastIndexOf(':', at);
        if (colon < 0
            || !IPAddress.TryParse(key.AsSpan(0, colon), out var address)
            || !ushort.TryParse(key.AsSpan(colon + 1, at - colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !int.TryParse(key.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation))
            return null;
        var silo = SiloAddress.New(address, port, generation);
        // Two spellings of one silo would be two entries of it.
        return Of(silo) == key ? silo : null;
    }
}
