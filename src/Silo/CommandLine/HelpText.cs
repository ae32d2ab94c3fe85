using System.Text;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>Writes the help.</summary>
internal static class HelpText
{
    private const string Program = "kube-policy-semaphore";

    public static string For(Command command, IReadOnlyList<Command> all)
    {
        var help = new StringBuilder();
        var words = new[] { Program, command.Name, command.Flags.Count > 0 ? "[flags]" : "", command.Argument ?? "" };
        help.AppendLine(command.Summary).AppendLine().AppendLine("Usage:");
        help.Append("  ").AppendJoin(' ', words.Where(word => word.Length > 0)).AppendLine();
        if (command.Name.Length == 0)
        {
            help.Append("  ").Append(Program).AppendLine(" COMMAND [flags]").AppendLine().AppendLine("Commands:");
            AppendRows(help, [.. all.Where(other => other.Name.Length > 0).Select(other => (other.Name, other.Summary))]);
        }

        if (command.Flags.Count > 0)
        {
            help.AppendLine().AppendLine("Flags:");
            AppendRows(help, [.. command.Flags.Select(flag => ($"--{flag.Name} {flag.Value}".TrimEnd(), Describe(flag)))]);
        }

        if (command.Flags.Any(flag => flag.Variable is not null))
            help.AppendLine().AppendLine("A flag can be set by an environment variable too: KPS_ and its name, as KPS_LOG_LEVEL. A flag wins.");
        return help.AppendLine().Append("Exit codes: ").AppendLine(command.ExitCodes).ToString();
    }

    private static string Describe(Flag flag) => flag.Default is { } standard ? $"{flag.Description} (default {standard})" : flag.Description;

    private static void AppendRows(StringBuilder help, IReadOnlyList<(string Left, string Right)> rows)
    {
        var width = rows.Max(row => row.Left.Length);
        foreach (var (left, right) in rows)
            help.Append("  ").Append(left.PadRight(width)).Append("  ").AppendLine(right);
    }
}
