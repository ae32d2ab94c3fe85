using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace KubePolicySemaphore.Silo.Logging;

/// <summary>Sets up the log.</summary>
internal static class SiloLoggingExtensions
{
    /// <summary>Logs to standard output in our own forms. What the frameworks tell of themselves counts from Warning, unless debugging.</summary>
    public static ILoggingBuilder AddSiloLog(this ILoggingBuilder logging, LogLevel level, string format)
    {
        logging.SetMinimumLevel(level);
        if (level > LogLevel.Debug)
        {
            var frameworks = level > LogLevel.Warning ? level : LogLevel.Warning;
            foreach (var category in (string[])["Orleans", "Microsoft", "System", "Polly"])
                logging.AddFilter(category, frameworks);
            // Both warn at every start of what is as we want it: no server GC, and a watchdog that has not run yet.
            foreach (var category in (string[])["Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog"])
                logging.AddFilter(category, LogLevel.Error);
        }

        logging.AddConsole(options => options.FormatterName = format == "json" ? JsonLogFormatter.FormatterName : TextLogFormatter.FormatterName);
        logging.AddConsoleFormatter<TextLogFormatter, ConsoleFormatterOptions>();
        logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        return logging;
    }
}
