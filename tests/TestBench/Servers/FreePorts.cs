using System.Net;
using System.Net.Sockets;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>Ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>
    /// Takes that many different ports from the kernel. Another process may take one before it is used; the kernel hands
    /// them out in turn, so that is rare.
    /// </summary>
    public static int[] Take(int count)
    {
        // All are open at once, or the kernel might give the same one twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
