using System.Security.Cryptography;
using KubePolicySemaphore.Grains.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace KubePolicySemaphore.Silo.Configuration;

/// <summary>
/// The configuration in force: the file's, as long as it is good. A broken or vanished file changes nothing but
/// <see cref="State"/>.
/// </summary>
/// <remarks>
/// The content is polled. Kubernetes swaps a symlink above the file, which file watchers on the file miss, and some
/// volumes tell no changes at all.
/// </remarks>
internal sealed partial class FileGridConfiguration(
    ConfigurationFlags flags, SiloConfiguration first, TimeProvider time, ILogger<FileGridConfiguration> logger)
    : BackgroundService, IGridConfiguration
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(2);

    private CancellationTokenSource _reload = new();
    private SiloConfiguration _current = first;
    private volatile ConfigurationState _state = new(null, time.GetUtcNow());
    private string? _seen;

    public GridOptions Current => Volatile.Read(ref _current).Grid;

    /// <summary>How the last reading went.</summary>
    public ConfigurationState State => _state;

    public IChangeToken GetReloadToken() => new CancellationChangeToken(Volatile.Read(ref _reload).Token);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (flags.Path is null)
            return;
        using var timer = new PeriodicTimer(PollPeriod, time);
        try
        {
            do
            {
                Poll();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    /// <summary>Reads the file, and follows it when its content is new and good. One call at a time.</summary>
    internal void Poll()
    {
        var (bytes, fault) = ConfigurationFile.ReadBytes(flags.Path!);
        var content = bytes is null ? fault! : Convert.ToHexString(SHA256.HashData(bytes));
        // Faults are told once per content, not with every poll.
        if (content == _seen)
            return;
        _seen = content;
        var result = bytes is null ? ConfigurationResult.Failed(fault!) : ConfigurationFile.Parse(bytes, flags);
        if (result.Configuration is null)
            Reject(result.Faults);
        else
            Accept(result.Configuration);
    }

    private void Reject(IReadOnlyList<string> faults)
    {
        foreach (var fault in faults)
            LogRejected(logger, fault);
        _state = _state with { Error = faults.Count == 1 ? faults[0] : $"{faults[0]} (and {faults.Count - 1} more)" };
    }

    private void Accept(SiloConfiguration next)
    {
        var previous = _current;
        var recovered = _state.Error is not null;
        if (next == previous)
        {
            if (recovered)
                LogRecovered(logger);
            _state = _state with { Error = null };
            return;
        }

        if (next.Local != previous.Local)
            LogLocalChanged(logger);
        Volatile.Write(ref _current, next);
        _state = new(null, time.GetUtcNow());
        LogReloaded(logger, next.Grid.Clusters.Count);
        Interlocked.Exchange(ref _reload, new CancellationTokenSource()).Cancel();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration refused, the last good one stays in force: {Fault}")]
    private static partial void LogRejected(ILogger logger, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration is good again, and what it was")]
    private static partial void LogRecovered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration reloaded, {Clusters} clusters")]
    private static partial void LogReloaded(ILogger logger, int clusters);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configuration's local cluster changed, which takes a restart to follow")]
    private static partial void LogLocalChanged(ILogger logger);
}
