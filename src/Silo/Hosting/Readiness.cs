using KubePolicySemaphore.Grains.NetworkSets;
using KubePolicySemaphore.Silo.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace KubePolicySemaphore.Silo.Hosting;

/// <summary>Whether this silo is alive, and whether it is ready. A remote cluster that is down makes it neither.</summary>
internal sealed class Readiness(
    StatusBoard board, FileGridConfiguration configuration, NetworkSetCatalog catalog, ISiloStatusOracle silos,
    IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan MaxHeartbeatAge = TimeSpan.FromSeconds(60);

    // Bookmarks come about once a minute; after two minutes of silence the watch is started again.
    private static readonly TimeSpan MaxLocalSilence = TimeSpan.FromMinutes(3);

    /// <summary>
    /// True while the supervisor goes round. Before it starts the silo joins, for as long as the others and the local API server
    /// make it wait; it ends by itself when that takes too long, and starting it anew would not help.
    /// </summary>
    public bool IsAlive => board.SinceHeartbeat is not { } age || age < MaxHeartbeatAge;

    /// <summary>One line for each condition that fails.</summary>
    public IReadOnlyList<string> Failing()
    {
        var failing = new List<string>();
        if (lifetime.ApplicationStopping.IsCancellationRequested)
            failing.Add("the silo is stopping");
        else if (silos.CurrentStatus != SiloStatus.Active)
            failing.Add($"the silo is not active: {silos.CurrentStatus}");
        if (configuration.State.Error is { } fault)
            failing.Add($"the configuration is not valid: {fault}");
        if (LocalFault() is { } localFault)
            failing.Add($"the local API: {localFault}");
        return failing;
    }

    private string? LocalFault() => (catalog.Error, catalog.Silence) switch
    {
        ({ } error, _) => error,
        (null, null) => "has not answered yet",
        (null, { } silence) when silence > MaxLocalSilence => $"silent for {silence:hh\\:mm\\:ss}",
        _ => null,
    };
}
