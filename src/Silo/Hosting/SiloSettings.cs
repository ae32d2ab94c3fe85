using System.Net;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Logging;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>What the flags say of this silo: the part that never changes while it runs.</summary>
internal sealed record SiloSettings
{
    /// <summary><c>-clustering</c>: one silo, or silos on this machine.</summary>
    public const string Local = "local";

    /// <summary><c>-clustering</c>: silos that find each other by the API server of the local cluster.</summary>
    public const string Kubernetes = "kubernetes";

    public required string SiloName { get; init; }

    /// <summary><see cref="Local"/> or <see cref="Kubernetes"/>.</summary>
    public required string Clustering { get; init; }

    public required string ClusterId { get; init; }

    public required string ServiceId { get; init; }

    public required int SiloPort { get; init; }

    /// <summary>0: none.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The folder with tls.crt, tls.key and ca.crt; null: no TLS between silos.</summary>
    public string? SiloTlsFolder { get; init; }

    /// <summary>Where other silos reach this one.</summary>
    public required IPAddress AdvertisedAddress { get; init; }

    /// <summary>For health and metrics.</summary>
    public required IPEndPoint HttpAddress { get; init; }

    /// <summary>For everything else.</summary>
    public required IPEndPoint AdminAddress { get; init; }

    public required LogLevel LogLevel { get; init; }

    public required string LogFormat { get; init; }

    /// <exception cref="UsageException">The flags contradict each other.</exception>
    public static SiloSettings Read(FlagValues flags, Func<string, string?> environment)
    {
        var inPod = NonEmpty(environment("KUBERNETES_SERVICE_HOST")) is not null;
        var clustering = flags.Find(OperatorFlags.Clustering) ?? (inPod ? Kubernetes : Local);
        var settings = new SiloSettings
        {
            SiloName = flags.Find(OperatorFlags.SiloName) ?? NonEmpty(environment("POD_NAME")) ?? Environment.MachineName,
            Clustering = clustering,
            SiloTlsFolder = flags.Find(OperatorFlags.SiloTlsDir),
            ClusterId = flags.Text(OperatorFlags.ClusterId),
            ServiceId = flags.Text(OperatorFlags.ServiceId),
            SiloPort = flags.Number(OperatorFlags.SiloPort),
            GatewayPort = flags.Number(OperatorFlags.GatewayPort),
            AdvertisedAddress = Advertised(flags, clustering, environment),
            HttpAddress = flags.EndPoint(OperatorFlags.HttpAddress),
            AdminAddress = flags.EndPoint(OperatorFlags.AdminAddress),
            LogLevel = LogLevels.Parse(flags.Text(OperatorFlags.LogLevel)),
            LogFormat = flags.Text(OperatorFlags.LogFormat),
        };
        return settings.SiloPort == 0 ? throw new UsageException($"-{OperatorFlags.SiloPort}: must not be 0") : settings;
    }

    private static IPAddress Advertised(FlagValues flags, string clustering, Func<string, string?> environment)
    {
        if (flags.Find(OperatorFlags.AdvertisedAddress) is { } given)
            return IPAddress.Parse(given);
        // Silos on one machine need no address that others could reach.
        if (clustering == Local || NonEmpty(environment("POD_IP")) is not { } pod)
            return IPAddress.Loopback;
        return IPAddress.TryParse(pod, out var address) ? address : throw new UsageException($"POD_IP: '{pod}' is not an address");
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
