using System.Globalization;
using KubePolicySemaphore.Interfaces.Status;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Http;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>status</c>.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    public static Flag Wait { get; } = new("wait", null, "wait until all is in sync") { Check = FlagChecks.Boolean };

    public static Flag Timeout { get; } =
        new("timeout", "DURATION", "how long to wait") { Default = "60s", Check = FlagChecks.Duration };

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var client = new AdminClient(context.Flags);
        var (answer, json) = context.Flags.IsOn(Wait.Name)
            ? await WaitAsync(client, context.Flags.FindDuration(Timeout.Name)!.Value, cancellationToken).ConfigureAwait(false)
            : await client.GetAsync<ClustersAnswer>("api/v1/clusters", cancellationToken).ConfigureAwait(false);
        var form = context.Flags.Text(OutputFlag.Flag.Name);
        if (form == OutputFlag.Json)
            await context.Output.WriteLineAsync(json).ConfigureAwait(false);
        else
            await WriteAsync(context, answer, form == OutputFlag.Wide).ConfigureAwait(false);
        return IsInSync(answer) ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>A cluster that waits for its grace period to end is as it should be.</summary>
    private static bool IsInSync(ClustersAnswer answer) =>
        answer.Config.Valid && answer.Clusters.All(cluster => cluster is { State: ClusterState.Synced or ClusterState.Removing, PendingWrites: 0 });

    private static async Task<(ClustersAnswer Answer, string Json)> WaitAsync(AdminClient client, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var isLast = TimeProvider.System.GetElapsedTime(started) >= timeout;
            try
            {
                var last = await client.GetAsync<ClustersAnswer>("api/v1/clusters", cancellationToken).ConfigureAwait(false);
                if (isLast || IsInSync(last.Answer))
                    return last;
            }
            catch (NoAnswerException) when (!isLast)
            {
                // The silo may be starting, which is what one waits for.
            }

            await Task.Delay(PollPeriod, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(CommandContext context, ClustersAnswer answer, bool wide)
    {
        var now = TimeProvider.System.GetUtcNow();
        string[] heading = ["CLUSTER", "STATE", "PODS", "SETS", "NETS", "PENDING", "CONTACT"];
        string[] wideHeading = ["SYNCED", "SILO", "SKIPPED"];
        await context.Output.WriteTableAsync(
            wide ? [.. heading, .. wideHeading] : heading,
            answer.Clusters.Select(cluster => Row(cluster, now, wide))).ConfigureAwait(false);

        var problems = answer.Clusters.SelectMany(cluster => cluster.Problems.Prepend(cluster.LastError ?? "")
            .Where(problem => problem.Length > 0).Distinct().Select(problem => $"{cluster.Name}: {SafeText.Escape(problem)}")).ToList();
        if (!answer.Config.Valid)
            problems.Insert(0, $"configuration refused, the last good one is in force: {SafeText.Escape(answer.Config.Error ?? "")}");
        if (problems.Count > 0)
            await context.Output.WriteLineAsync().ConfigureAwait(false);
        foreach (var problem in problems)
            await context.Output.WriteLineAsync(context.Colours ? $"\u001b[31m{problem}\u001b[0m" : problem).ConfigureAwait(false);
    }

    private static string[] Row(ClusterStatus cluster, DateTimeOffset now, bool wide)
    {
        static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
        string[] row =
        [
            cluster.Name, cluster.State.ToString(), Number(cluster.Pods), Number(cluster.Sets), Number(cluster.Nets), Number(cluster.PendingWrites),
            TableText.Age(cluster.LastEvent, now),
        ];
        return wide
            ? [.. row, TableText.Age(cluster.LastSync, now), cluster.Silo, string.Join(',', cluster.Skipped.Select(skipped => $"{skipped.Key}={skipped.Value}"))]
            : row;
    }
}
