using KubePolicySemaphore.Silo.CommandLine;
using KubePolicySemaphore.Silo.Demo;
using Spectre.Console;

namespace KubePolicySemaphore.Silo.Commands;

/// <summary><c>demo</c>.</summary>
internal static class DemoCommand
{
    private const int LineWidth = 160;

    // The demo takes the operator's flags of these names, and passes them on.
    private static readonly string[] PassedOn =
    [
        OperatorFlags.HttpAddress, OperatorFlags.AdminAddress, OperatorFlags.SiloPort, OperatorFlags.GatewayPort, OperatorFlags.AdvertisedAddress,
    ];

    public static Flag Duration { get; } = new("duration", "DURATION", "end after this time (default: when interrupted)") { Check = FlagChecks.Duration };

    public static IReadOnlyList<Flag> Flags { get; } = [Duration, .. OperatorFlags.All.Where(flag => PassedOn.Contains(flag.Name))];

    public static Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Output) });
        // Without a terminal it would wrap at 80 columns, which the lines of the demo exceed.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = LineWidth;
        var runner = new DemoRunner(
            (arguments, ending) => RunCommand.RunAsync(context with { Flags = FlagParser.Parse(OperatorFlags.All, arguments, _ => null) }, ending),
            console,
            TimeProvider.System,
            Random.Shared);
        var options = new DemoOptions
        {
            Duration = context.Flags.FindDuration(Duration.Name),
            OperatorFlags = [.. PassedOn.Where(name => context.Flags.Find(name) is not null).Select(name => $"--{name}={context.Flags.Find(name)}")],
            AdminAddress = context.Flags.Text(OperatorFlags.AdminAddress),
        };
        return runner.RunAsync(options, cancellationToken);
    }
}
