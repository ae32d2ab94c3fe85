using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace KubePolicySemaphore.Silo.Logging;

/// <summary>A line per message: <c>time level category message</c>. Stack traces only where something is broken.</summary>
internal sealed class TextLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "kps-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var entry = logEntry;
        textWriter.Write(time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        textWriter.Write($" {LogLevels.Word(entry.LogLevel),-5} {entry.Category[(entry.Category.LastIndexOf('.') + 1)..]} ");
        textWriter.Write(LogEntryText.Render(entry.State, () => entry.Formatter(entry.State, null)));
        if (entry.Exception is { } exception)
            WriteException(exception, entry.LogLevel, textWriter);
        textWriter.WriteLine();
    }

    private static void WriteException(Exception exception, LogLevel level, TextWriter textWriter)
    {
        textWriter.Write($": {exception.GetType().Name}: {SafeText.Escape(exception.Message)}");
        if (level < LogLevel.Error)
            return;
        foreach (var line in (exception.StackTrace ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            textWriter.WriteLine();
            textWriter.Write($"    {SafeText.Escape(line)}");
        }
    }
}
