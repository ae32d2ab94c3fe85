using System.Globalization;
using KubePolicySemaphore.Interfaces.Status;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Http;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>sets</c>.</summary>
internal static class SetsCommand
{
    private const int NetsShown = 4;

    public static IReadOnlyList<Flag> Filters { get; } =
    [
        new("cluster", "NAME", "only sets of this cluster"),
        new("namespace", "NAME", "only sets of this namespace"),
        new("name", "NAME", "only sets of this name"),
    ];

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var client = new AdminClient(context.Flags);
        var query = string.Join('&', Filters.Select(filter => $"{filter.Name}={Uri.EscapeDataString(context.Flags.Find(filter.Name) ?? "")}"));
        var (answer, json) = await client.GetAsync<SetsAnswer>($"api/v1/sets?{query}", cancellationToken).ConfigureAwait(false);
        var form = context.Flags.Text(OutputFlag.Flag.Name);
        if (form == OutputFlag.Json)
        {
            await context.Output.WriteLineAsync(json).ConfigureAwait(false);
        }
        else
        {
            await context.Output.WriteTableAsync(
                ["CLUSTER", "NAMESPACE", "NAME", "PODS", "NETS", "IN SYNC", "ADDRESSES"],
                answer.Sets.Select(set => Row(set))).ConfigureAwait(false);
            // A row is cut; the lines under it, which -o wide adds, are not.
            if (form == OutputFlag.Wide)
                await WriteNetsAsync(context, answer.Sets).ConfigureAwait(false);
        }

        foreach (var cluster in answer.Unanswered)
            context.Fail($"the watcher of {SafeText.Escape(cluster)} does not answer; its sets are missing here");
        return ExitCode.Success;
    }

    private static async Task WriteNetsAsync(CommandContext context, IReadOnlyList<NetworkSetStatus> sets)
    {
        foreach (var set in sets)
        {
            await context.Output.WriteLineAsync().ConfigureAwait(false);
            var where = SafeText.Escape($"{set.Cluster}/{set.Namespace}/{set.Name}");
            await context.Output.WriteLineAsync($"{where}: {string.Join(' ', set.Objects.Select(SafeText.Escape))}").ConfigureAwait(false);
            if (set.Error is { } error)
                await context.Output.WriteLineAsync($"  {SafeText.Escape(error)}").ConfigureAwait(false);
            foreach (var net in set.Nets)
                await context.Output.WriteLineAsync($"  {SafeText.Escape(net)}").ConfigureAwait(false);
        }
    }

    private static string[] Row(NetworkSetStatus set)
    {
        var nets = string.Join(' ', set.Nets.Take(NetsShown));
        return
        [
            set.Cluster, set.Namespace, set.Name, set.Pods.ToString(CultureInfo.InvariantCulture),
            set.Nets.Length.ToString(CultureInfo.InvariantCulture), set.InSync ? "yes" : "no",
            set.Nets.Length > NetsShown ? $"{nets} and {set.Nets.Length - NetsShown} more" : nets,
        ];
    }
}
