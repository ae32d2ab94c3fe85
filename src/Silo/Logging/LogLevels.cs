using Microsoft.Extensions.Logging;

namespace KubePolicySemaphore.Silo.Logging;

/// <summary>The words for log levels, in flags and in lines.</summary>
internal static class LogLevels
{
    public static LogLevel Parse(string word) => word switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
