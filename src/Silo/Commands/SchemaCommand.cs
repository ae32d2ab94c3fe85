using System.Text.Encodings.Web;
using System.Text.Json;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>schema</c>.</summary>
internal static class SchemaCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await context.Output.WriteLineAsync(ConfigurationSchema.Create().ToJsonString(Indented).AsMemory(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }
}
