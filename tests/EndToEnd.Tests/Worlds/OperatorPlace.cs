using System.Net;
using KubePolicySemaphore.TestBench.Servers;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>Where a program listens.</summary>
/// <param name="Network">The namespace it runs in; that of the tests when <see langword="null"/>.</param>
public sealed record OperatorPlace(int HealthPort, int AdminPort, int SiloPort, NetworkNamespace? Network)
{
    /// <summary>Where the tests reach it.</summary>
    public IPAddress Host => Network?.Inside ?? IPAddress.Loopback;

    /// <summary>Ports that nobody has.</summary>
    public static OperatorPlace New(NetworkNamespace? network = null)
    {
        var ports = FreePorts.Take(3);
        return new(ports[0], ports[1], ports[2], network);
    }
}
