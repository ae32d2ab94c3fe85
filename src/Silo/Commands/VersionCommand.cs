using System.Runtime.InteropServices;
using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>version</c>.</summary>
internal static class VersionCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var text = $"kube-policy-semaphore {BuildInfo.Version} (commit {BuildInfo.Commit}, {RuntimeInformation.FrameworkDescription})";
        await context.Output.WriteLineAsync(text.AsMemory(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }
}
