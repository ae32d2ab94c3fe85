using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary>Every command: help and completion are made from this table.</summary>
internal static class CommandTable
{
    public static IReadOnlyList<Command> All { get; } =
    [
        new("", "Keeps Calico's GlobalNetworkSets what the labelled pods of remote clusters say", RunCommand.RunAsync)
        {
            Flags = OperatorFlags.All,
            ExitCodes = "0 after a clean stop, 1 fatal, 2 bad flags or configuration",
        },
        new("demo", "Run everything on this machine between simulated clusters", DemoCommand.RunAsync)
        {
            Flags = DemoCommand.Flags,
            ExitCodes = "0, 1 when Calico was not what the pods said at the end, 2 bad flags",
        },
        new("check", "Validate the configuration, reach every cluster, prove each needed right", CheckCommand.RunAsync)
        {
            Flags = [CheckCommand.Offline, .. OperatorFlags.All],
            ExitCodes = "0 all well, 1 some step failed, 2 bad flags or configuration",
        },
        new("status", "Show clusters, sets, lag and problems of a running grid", StatusCommand.RunAsync)
        {
            Flags = [OutputFlag.Flag, StatusCommand.Wait, StatusCommand.Timeout, AdminClient.ServerFlag],
            ExitCodes = "0 in sync, 1 not, 3 no answer",
        },
        new("sets", "Show the sets and their nets", SetsCommand.RunAsync)
        {
            Flags = [.. SetsCommand.Filters, OutputFlag.Flag, AdminClient.ServerFlag],
            ExitCodes = "0, 3 no answer",
        },
        new("explain", "Show which sets hold an address or a pod and since when, or why none does", ExplainCommand.RunAsync)
        {
            Argument = "IP|NAMESPACE/POD",
            Flags = [OutputFlag.Flag, AdminClient.ServerFlag],
            ExitCodes = "0 found, 1 not, 3 no answer",
        },
        new("verify", "Read remote pods and local objects afresh and print every difference", VerifyCommand.RunAsync)
        {
            Flags = OperatorFlags.All,
            ExitCodes = "0 none, 1 some, 2 could not read",
        },
        new("schema", "Print the JSON Schema of the configuration file", SchemaCommand.RunAsync) { ExitCodes = "0" },
        new("completion", "Print the completion script of a shell", CompletionCommand.RunAsync)
        {
            Argument = "SHELL",
            ArgumentWords = CompletionCommand.Shells,
            ExitCodes = "0",
        },
        new("version", "Print version, commit and .NET", VersionCommand.RunAsync) { ExitCodes = "0" },
    ];
}
