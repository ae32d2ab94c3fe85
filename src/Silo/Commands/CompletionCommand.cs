using KubePolicySemaphore.Silo.CommandLine;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>completion</c>: made from the table of commands, so it knows what the program knows.</summary>
internal static class CompletionCommand
{
    private const string Program = "kube-policy-semaphore";

    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var script = context.Flags.Arguments[0] switch
        {
            "bash" => Bash(CommandTable.All),
            // zsh runs bash's completion functions.
            "zsh" => "#compdef kube-policy-semaphore\nautoload -U +X bashcompinit && bashcompinit\n" + Bash(CommandTable.All),
            _ => Fish(CommandTable.All),
        };
        await context.Output.WriteAsync(script.AsMemory(), cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static string Bash(IReadOnlyList<Command> commands)
    {
        var names = string.Join(' ', commands.Where(command => command.Name.Length > 0).Select(command => command.Name));
        // The operator's own flags are for whatever is no command, so they stand last.
        var cases = string.Concat(commands.OrderByDescending(command => command.Name.Length > 0).Select(command =>
            $"    {(command.Name.Length == 0 ? "*" : command.Name)}) words=\"{string.Join(' ', Words(command))}\" ;;\n"));
        var values = string.Concat(commands.SelectMany(command => command.Flags).Where(flag => flag.Words.Count > 0).DistinctBy(flag => flag.Name)
            .Select(flag => $"    -{flag.Name}|--{flag.Name}) COMPREPLY=($(compgen -W \"{string.Join(' ', flag.Words)}\" -- \"$current\")); return ;;\n"));
        return $$"""
            _kube_policy_semaphore() {
              local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words
              COMPREPLY=()
              case $previous in
            {{values}}  esac
              case ${COMP_WORDS[1]} in
            {{cases}}  esac
              ((COMP_CWORD == 1)) && words="{{names}} $words"
              COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o default -F _kube_policy_semaphore {{Program}}

            """;
    }

    private static string Fish(IReadOnlyList<Command> commands)
    {
        var named = commands.Where(command => command.Name.Length > 0).ToList();
        var noCommand = $"not __fish_seen_subcommand_from {string.Join(' ', named.Select(command => command.Name))}";
        var lines = named.Select(command => $"complete -c {Program} -n '{noCommand}' -f -a {command.Name} -d '{Quoted(command.Summary)}'").ToList();
        foreach (var command in commands)
        {
            var condition = command.Name.Length == 0 ? noCommand : $"__fish_seen_subcommand_from {command.Name}";
            lines.AddRange(command.ArgumentWords.Select(word => $"complete -c {Program} -n '{condition}' -f -a {word}"));
            lines.AddRange(command.Flags.Select(flag =>
                $"complete -c {Program} -n '{condition}' -l {flag.Name} -d '{Quoted(flag.Description)}'"
                + (flag.IsSwitch ? "" : flag.Words.Count > 0 ? $" -x -a '{string.Join(' ', flag.Words)}'" : " -r")));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Words(Command command) =>
        command.ArgumentWords.Concat(command.Flags.Select(flag => flag.Name.Length == 1 ? $"-{flag.Name}" : $"--{flag.Name}")).Append("--help");

    private static string Quoted(string text) => text.Replace("'", "\\'", StringComparison.Ordinal);
}
