using KubePolicySemaphore.Grains.Configuration;
using KubePolicySemaphore.Grains.Pods;
using KubePolicySemaphore.Kubernetes.Http;
using KubePolicySemaphore.Silo.Checking;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>verify</c>: what would be written is every line it prints, so a dry run is looked at by it too.</summary>
internal static class VerifyCommand
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var configuration = ConfigurationFlagReader.Load(ConfigurationFlagReader.Read(context.Flags)).Configuration!;
        var access = new GridAccess(configuration);
        await using (access.ConfigureAwait(false))
        {
            var differences = new List<Difference>();
            var unread = await CompareAsync(context, configuration, access, differences, cancellationToken).ConfigureAwait(false);
            if (unread == 0 && differences.Count > 0)
            {
                // Pods came and went between the two reads, or a write is under way: only what lasts is a difference.
                await Task.Delay(SettleTime, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                var later = new List<Difference>();
                unread = await CompareAsync(context, configuration, access, later, cancellationToken).ConfigureAwait(false);
                differences = [.. differences.Intersect(later)];
            }

            if (differences.Count > 0)
                await WriteAsync(context, differences).ConfigureAwait(false);
            else if (unread == 0)
                await context.Output.WriteLineAsync("Calico holds exactly what the pods say").ConfigureAwait(false);
            return unread > 0 ? ExitCode.Usage : differences.Count > 0 ? ExitCode.Failure : ExitCode.Success;
        }
    }

    /// <summary>Answers how many clusters could not be read, each of which has been told.</summary>
    private static async Task<int> CompareAsync(
        CommandContext context, SiloConfiguration configuration, GridAccess access, List<Difference> differences, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(ReadTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var remotes = await Task.WhenAll(configuration.Grid.Clusters.Select(cluster => ReadAsync(access, cluster, either.Token))).ConfigureAwait(false);
            var objects = await NetworkSetSnapshot.ReadAsync(access.Store, either.Token).ConfigureAwait(false);
            foreach (var (cluster, pods, fault) in remotes)
            {
                if (pods is null)
                    context.Fail($"{cluster.Name}: {fault}");
                else
                    differences.AddRange(SetVerification.Compare(cluster, configuration.Grid.ServiceId, pods, objects));
            }

            differences.AddRange(SetVerification.Leaving(configuration.Grid, objects));
            return remotes.Count(remote => remote.Pods is null);
        }
        catch (UnreadableException exception)
        {
            context.Fail(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            context.Fail($"not read within {GoDuration.Format(ReadTimeout)}");
            return 1;
        }
    }

    private static async Task<(ClusterOptions Cluster, IReadOnlyList<PodBatch>? Pods, string? Fault)> ReadAsync(
        GridAccess access, ClusterOptions cluster, CancellationToken cancellationToken)
    {
        await using var connection = access.Connect(cluster);
        try
        {
            return (cluster, await access.ListPodsAsync(cluster, connection, cancellationToken).ConfigureAwait(false), null);
        }
        catch (ApiServerException exception)
        {
            return (cluster, null, exception.Message);
        }
    }

    private static Task WriteAsync(CommandContext context, IEnumerable<Difference> differences) => context.Output.WriteTableAsync(
        ["DIFFERENCE", "SET", "NET", "OBJECT"],
        differences.Select(one => (string[])[one.Kind, one.Set.ToString(), one.Net ?? "-", one.Object ?? "-"]));
}
