using System.Net;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary>The operator itself.</summary>
internal static partial class RunCommand
{
    private static readonly TimeSpan ShutdownReserve = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var settings = SiloSettings.Read(context.Flags, Environment.GetEnvironmentVariable);
        var configurationFlags = ConfigurationFlagReader.Read(context.Flags);
        var loaded = ConfigurationFlagReader.Load(configurationFlags);
        if (PortCheck.Run(settings) is { } fault)
        {
            context.Fail(fault);
            return ExitCode.Failure;
        }

        // Not disposed of when it does not end: the process does then.
        var app = SiloHost.Build(settings, configurationFlags, loaded.Configuration!, services => services.AddKubernetesAdapters(loaded.Configuration!.Local));
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("KubePolicySemaphore.Silo");
        foreach (var warning in loaded.Warnings)
            LogConfigurationWarning(logger, warning);
        var overdue = OverdueAsync(app.Services.GetRequiredService<TimeProvider>(), app.Lifetime.ApplicationStopping);
        var run = RunAndDisposeAsync();
        if (await Task.WhenAny(run, overdue).ConfigureAwait(false) == run)
            return await run.ConfigureAwait(false);
        LogOverdue(logger, SiloHost.ShutdownTimeout + ShutdownReserve);
        return ExitCode.Failure;

        async Task<int> RunAndDisposeAsync()
        {
            await using (app.ConfigureAwait(false))
                return await RunAsync(app, settings, context, logger, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Completes when the shutdown takes longer than it may. Orleans writes to the membership without a limit, so where the API
    /// server hangs it would not end; Kubernetes kills the process after 30 s, without a word.
    /// </summary>
    private static async Task OverdueAsync(TimeProvider time, CancellationToken stopping)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Delay(SiloHost.ShutdownTimeout + ShutdownReserve, time, CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(
        WebApplication app, SiloSettings settings, CommandContext context, ILogger logger, CancellationToken cancellationToken)
    {
        LogStarting(logger, BuildInfo.Version, settings.SiloName);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            LogStopped(logger);
            return ExitCode.Success;
        }
#pragma warning disable CA1031 // Whatever keeps the silo from starting is told in one line and ends the program.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogStartFailed(logger, exception);
            context.Fail($"cannot start: {SafeText.Escape(exception.GetBaseException().Message)}");
            return ExitCode.Failure;
        }

        LogStarted(logger, settings.HttpAddress, settings.AdminAddress);
        await app.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        // The host stops itself when a background service breaks, and does not call that an error.
        var broken = app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .FirstOrDefault(service => service.ExecuteTask?.IsFaulted == true)?.ExecuteTask?.Exception;
        if (broken is null)
        {
            LogStopped(logger);
            return ExitCode.Success;
        }

        context.Fail($"stopped by a failure: {SafeText.Escape(broken.GetBaseException().Message)}");
        return ExitCode.Failure;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Configuration: {Warning}")]
    private static partial void LogConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(Level = LogLevel.Information, Message = "kube-policy-semaphore {Version} starts as silo {Silo}")]
    private static partial void LogStarting(ILogger logger, string version, string silo);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo runs; health and metrics on {HttpAddress}, status on {AdminAddress}")]
    private static partial void LogStarted(ILogger logger, IPEndPoint httpAddress, IPEndPoint adminAddress);

    [LoggerMessage(Level = LogLevel.Information, Message = "The silo has stopped")]
    private static partial void LogStopped(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The silo has not stopped within {Limit}; the process ends without it")]
    private static partial void LogOverdue(ILogger logger, TimeSpan limit);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo cannot start")]
    private static partial void LogStartFailed(ILogger logger, Exception exception);
}
