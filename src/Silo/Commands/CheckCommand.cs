using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>check</c>.</summary>
internal static class CheckCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var result = ConfigurationFlagReader.Load(ConfigurationFlagReader.Read(context.Flags));
        foreach (var warning in result.Warnings)
            await context.Output.WriteLineAsync($"WARN  {warning}".AsMemory(), cancellationToken).ConfigureAwait(false);
        await context.Output.WriteLineAsync($"ok    configuration, {result.Configuration!.Grid.Clusters.Count} clusters".AsMemory(), cancellationToken)
            .ConfigureAwait(false);
        return ExitCode.Success;
    }
}
