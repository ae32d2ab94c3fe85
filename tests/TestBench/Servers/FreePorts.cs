using System.Net;
using System.Net.Sockets;

namespace KubePolicySemaphore.TestBench.Servers;

/// <summary>Ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    // Below the ports that systems take for outgoing connections (Linux from 32768 on, others from 49152 on): one that was free
    // would not stay so until its server starts, let alone until a killed one is back. And below Kubernetes' node ports.
    private const int First = 20_000;
    private const int Count = 10_000;

    // At random, so that two test runs on one machine do not go through them side by side.
    private static int _next = Random.Shared.Next(Count);

    /// <summary>Takes that many different ports; none is handed out twice before all have been.</summary>
    public static int[] Take(int count)
    {
        var ports = new int[count];
        for (var taken = 0; taken < count;)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % Count);
            if (IsFree(port))
                ports[taken++] = port;
        }
        return ports;
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
