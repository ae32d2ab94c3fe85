using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace KubePolicySemaphore.Silo.Logging;

/// <summary>A JSON object per line; the message's values stand in it under their own names, as <c>Cluster</c>.</summary>
internal sealed class JsonLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "kps-json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var entry = logEntry;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("level", LogLevels.Word(entry.LogLevel));
            json.WriteString("category", entry.Category);
            json.WriteString("message", LogEntryText.Render(entry.State, () => entry.Formatter(entry.State, null)));
            foreach (var (name, value) in LogEntryText.Fields(entry.State))
                Write(json, name, value);
            if (entry.Exception is { } exception)
                json.WriteString("exception", Show(exception, entry.LogLevel));
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static string Show(Exception exception, LogLevel level) =>
        $"{exception.GetType().Name}: {SafeText.Escape(exception.Message)}{(level < LogLevel.Error ? "" : "\n" + exception.StackTrace)}";

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case int or long or short or byte or uint:
                json.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case null:
                json.WriteNull(name);
                break;
            default:
                json.WriteString(name, LogEntryText.Value(value));
                break;
        }
    }
}
