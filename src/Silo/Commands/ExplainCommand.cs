using KubePolicySemaphore.Interfaces.Status;
using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Http;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>explain</c>.</summary>
internal static class ExplainCommand
{
    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        using var client = new AdminClient(context.Flags);
        var asked = context.Flags.Arguments[0];
        var kind = asked.Contains('/', StringComparison.Ordinal) ? "pod" : "ip";
        var (answer, json) = await client.GetAsync<ExplainAnswer>($"api/v1/explain?{kind}={Uri.EscapeDataString(asked)}", cancellationToken)
            .ConfigureAwait(false);
        if (context.Flags.Text(OutputFlag.Flag.Name) == OutputFlag.Json)
            await context.Output.WriteLineAsync(json).ConfigureAwait(false);
        else
            await WriteAsync(context.Output, asked, answer).ConfigureAwait(false);
        foreach (var cluster in answer.Unanswered)
            context.Fail($"the watcher of {SafeText.Escape(cluster)} does not answer; what it knows is missing here");
        return answer.Found ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task WriteAsync(TextWriter output, string asked, ExplainAnswer answer)
    {
        if (answer.Matches.Count == 0)
        {
            await output.WriteLineAsync($"{SafeText.Escape(asked)} is not known: no watched cluster has a selected pod of it").ConfigureAwait(false);
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        await output.WriteTableAsync(
            ["CLUSTER", "POD", "SET", "IN SYNC", "SINCE", "ADDRESSES", "OBJECTS", "REASON"],
            answer.Matches.Select(match => Row(match, now))).ConfigureAwait(false);
    }

    private static string[] Row(Explanation match, DateTimeOffset now) =>
    [
        match.Cluster, $"{match.Namespace}/{match.Pod}", match.Set is null ? "-" : $"{match.Namespace}/{match.Set}",
        match.Set is null ? "-" : match.InSync ? "yes" : "no", TableText.Age(match.Since, now),
        string.Join(' ', match.Addresses), string.Join(' ', match.Objects), match.Reason ?? "",
    ];
}
