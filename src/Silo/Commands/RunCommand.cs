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

        var app = SiloHost.Build(settings, configurationFlags, loaded.Configuration!, services => services.AddKubernetesAdapters(loaded.Configuration!.Local));
        await using (app.ConfigureAwait(false))
        {
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("KubePolicySemaphore.Silo");
            foreach (var warning in loaded.Warnings)
                LogConfigurationWarning(logger, warning);
            return await RunAsync(app, settings, context, logger, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> RunAsync(
        WebApplication app, SiloSettings settings, CommandContext context, ILogger logger, CancellationToken cancellationToken)
    {
        LogStarting(logger, BuildInfo.Version, settings.SiloName);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "The silo cannot start")]
    private static partial void LogStartFailed(ILogger logger, Exception exception);
}
