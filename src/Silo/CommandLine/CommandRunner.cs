using KubePolicySemaphore.Silo.Commands;
using KubePolicySemaphore.Silo.Configuration;

namespace KubePolicySemaphore.Silo.CommandLine;

/// <summary>Finds the command, reads its flags, runs it, and turns what it throws into lines and exit codes.</summary>
internal sealed class CommandRunner(IReadOnlyList<Command> commands, Func<string, string?> environment, TextWriter output, TextWriter error)
{
    public async Task<int> RunAsync(IReadOnlyList<string> arguments, bool colours, CancellationToken cancellationToken)
    {
        try
        {
            var (command, rest) = Find(arguments);
            if (rest.Any(argument => argument is "--help" or "-help" or "-h"))
            {
                await output.WriteAsync(HelpText.For(command, commands)).ConfigureAwait(false);
                return ExitCode.Success;
            }

            var flags = FlagParser.Parse(command.Flags, rest, environment);
            CheckArguments(command, flags.Arguments);
            return await command.Run(new CommandContext(flags, output, error, colours), cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            foreach (var line in exception.Lines)
                await error.WriteLineAsync($"error: {line}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
        catch (NoAnswerException exception)
        {
            await error.WriteLineAsync($"error: {exception.Message}").ConfigureAwait(false);
            return ExitCode.NoAnswer;
        }
    }

    private (Command Command, IReadOnlyList<string> Arguments) Find(IReadOnlyList<string> arguments)
    {
        if (arguments is ["help", ..])
            return (Find([.. arguments.Skip(1)]).Command, ["--help"]);
        if (arguments.Count == 0 || arguments[0].StartsWith('-'))
            return (commands.FirstOrDefault(command => command.Name.Length == 0) ?? throw new UsageException("give a command"), arguments);
        return commands.FirstOrDefault(command => command.Name == arguments[0]) is { } named
            ? (named, [.. arguments.Skip(1)])
            : throw new UsageException($"{SafeText.Quote(arguments[0])} is no command{Suggestion.For(arguments[0], commands.Select(command => command.Name))}");
    }

    private static void CheckArguments(Command command, IReadOnlyList<string> arguments)
    {
        if (command.Argument is null && arguments.Count > 0)
            throw new UsageException($"unexpected argument {SafeText.Quote(arguments[0])}");
        if (command.Argument is not null && arguments.Count != 1)
            throw new UsageException($"{command.Name} takes one argument: {command.Argument}");
        if (command.ArgumentWords.Count > 0 && FlagChecks.OneOf(command.ArgumentWords)(arguments[0]) is { } fault)
            throw new UsageException($"{SafeText.Quote(arguments[0])} {fault}");
    }
}
