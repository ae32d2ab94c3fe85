using KubePolicySemaphore.Clustering.Kubernetes;
using KubePolicySemaphore.Silo.Checking;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Hosting;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>check</c>.</summary>
internal static class CheckCommand
{
    public static Flag Offline { get; } = new("offline", null, "validate the configuration only") { Check = FlagChecks.Boolean };

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var settings = SiloSettings.Read(context.Flags, Environment.GetEnvironmentVariable);
        var loaded = ConfigurationFlagReader.Load(ConfigurationFlagReader.Read(context.Flags));
        var configuration = loaded.Configuration!;
        foreach (var warning in loaded.Warnings)
            await WriteAsync(context, "WARN", "33", warning).ConfigureAwait(false);
        await WriteAsync(context, "ok", "32", $"configuration: {configuration.Grid.Clusters.Count} clusters").ConfigureAwait(false);
        if (context.Flags.IsOn(Offline.Name))
            return ExitCode.Success;

        var failed = 0;
        var membershipNamespace = settings.Clustering == SiloSettings.Kubernetes ? PodNamespace.Find() : null;
        var access = new GridAccess(configuration);
        await using (access.ConfigureAwait(false))
        {
            await foreach (var step in new GridCheck(configuration, access, membershipNamespace, TimeProvider.System).RunAsync(cancellationToken).ConfigureAwait(false))
            {
                if (step.Fault is null)
                {
                    await WriteAsync(context, "ok", "32", step.What).ConfigureAwait(false);
                    continue;
                }

                failed++;
                await WriteAsync(context, "FAIL", "31", $"{step.What}: {SafeText.Escape(step.Fault)}").ConfigureAwait(false);
                await context.Output.WriteLineAsync($"      hint: {step.Hint}").ConfigureAwait(false);
            }
        }

        return failed == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static Task WriteAsync(CommandContext context, string word, string colour, string text) =>
        context.Output.WriteLineAsync($"{(context.Colours ? $"\u001b[{colour}m{word,-4}\u001b[0m" : $"{word,-4}")}  {text}");
}
