using System.Net;
using System.Net.Sockets;
using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Finds out before the start which flag's address cannot be listened on; later the frameworks tell it in their own ways.</summary>
internal static class PortCheck
{
    /// <summary>One line naming the flag; null when all addresses are free.</summary>
    public static string? Run(SiloSettings settings)
    {
        List<(string Flag, IPEndPoint EndPoint)> wanted =
        [
            (OperatorFlags.HttpAddress, settings.HttpAddress),
            (OperatorFlags.AdminAddress, settings.AdminAddress),
            (OperatorFlags.SiloPort, new IPEndPoint(settings.AdvertisedAddress, settings.SiloPort)),
        ];
        if (settings.GatewayPort > 0)
            wanted.Add((OperatorFlags.GatewayPort, new IPEndPoint(settings.AdvertisedAddress, settings.GatewayPort)));

        var held = new List<Socket>();
        try
        {
            foreach (var (flag, endPoint) in wanted)
            {
                // All are held until the end, so that two flags with one port are told too.
                var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                try
                {
                    socket.Bind(endPoint);
                    socket.Listen();
                }
                catch (SocketException exception)
                {
                    return $"-{flag}: cannot listen on {endPoint}: {exception.Message}";
                }
            }

            return null;
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }
}
