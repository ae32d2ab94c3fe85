using System.Net;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Logging;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>What the flags say of this silo: the part that never changes while it runs.</summary>
internal sealed record SiloSettings
{
    public required string SiloName { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    public required int SiloPort { get; init; }

    /// <summary>0: none.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Where other silos reach this one; loopback unless given.</summary>
    public required IPAddress AdvertisedAddress { get; init; }

    /// <summary>For health and metrics.</summary>
    public required IPEndPoint HttpAddress { get; init; }

    /// <summary>For everything else.</summary>
    public required IPEndPoint AdminAddress { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required string LogFormat { get; init; }

    /// <exception cref="UsageException">The flags ask for something that this build has not, or contradict each other.</exception>
    public static SiloSettings Read(FlagValues flags, Func<string, string?> environment)
    {
        if (flags.Text(OperatorFlags.Clustering) != "local")
            throw new UsageException($"-{OperatorFlags.Clustering}: this build has only local");
        if (flags.Find(OperatorFlags.SiloTlsDir) is not null)
            throw new UsageException($"-{OperatorFlags.SiloTlsDir}: this build has no TLS between silos");
        var settings = new SiloSettings
        {
            SiloName = flags.Find(OperatorFlags.SiloName) ?? NonEmpty(environment("POD_NAME")) ?? Environment.MachineName,
            ClusterId = flags.Text(OperatorFlags.ClusterId),
            ServiceId = flags.Text(OperatorFlags.ServiceId),
            SiloPort = flags.Number(OperatorFlags.SiloPort),
            GatewayPort = flags.Number(OperatorFlags.GatewayPort),
            AdvertisedAddress = IPAddress.Parse(flags.Find(OperatorFlags.AdvertisedAddress) ?? IPAddress.Loopback.ToString()),
            HttpAddress = flags.EndPoint(OperatorFlags.HttpAddress),
            AdminAddress = flags.EndPoint(OperatorFlags.AdminAddress),
            LogLevel = LogLevels.Parse(flags.Text(OperatorFlags.LogLevel)),
            LogFormat = flags.Text(OperatorFlags.LogFormat),
        };
        return settings.SiloPort == 0 ? throw new UsageException($"-{OperatorFlags.SiloPort}: must not be 0") : settings;
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
