using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary>Every command: help and completion are made from this table.</summary>
internal static class CommandTable
{
    private static readonly Flag Offline = new("offline", null, "validate the configuration only") { Check = FlagChecks.Boolean };

    public static IReadOnlyList<Command> All { get; } =
    [
        new("check", "Validate the configuration, reach every cluster, prove each needed right", CheckCommand.RunAsync)
        {
            Flags = [Offline, .. OperatorFlags.All],
            ExitCodes = "0 all well, 1 some step failed, 2 bad flags or configuration",
        },
        new("schema", "Print the JSON Schema of the configuration file", SchemaCommand.RunAsync) { ExitCodes = "0" },
        new("version", "Print version, commit and .NET", VersionCommand.RunAsync) { ExitCodes = "0" },
    ];
}
