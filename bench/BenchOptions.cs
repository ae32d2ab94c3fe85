using System.Globalization;

namespace KubePolicySemaphore.Bench;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchOptions
{
    public const string Usage =
        """
        make bench ARGS="[options]"

          --filter NAME      only the benchmarks whose name contains NAME
          --list             prints their names
          --quick            small sizes, to see that everything runs; writes to out/benchmarks
          --rounds N         how often floor and operator take turns (default 3)
          --budget SECONDS   measuring time of one row of the latency table (default 120)
          --settle SECONDS   rest before memory is read (default 300, after which unused grains sleep)
          --time-limit MIN   ends the run (default 120)
          --out DIR          where the tables go (default docs/benchmarks)
        """;

    public string Filter { get; init; } = "";

    public bool List { get; init; }

    public bool Quick { get; init; }

    public int Rounds { get; init; } = 3;

    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(120);

    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(300);

    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(120);

    public string Out { get; init; } = Path.Combine("docs", "benchmarks");

    /// <summary>The arguments as they came.</summary>
    public string CommandLine { get; init; } = "";

    /// <exception cref="ArgumentException">An option is unknown, or its value is missing or no number.</exception>
    public static BenchOptions Parse(string[] arguments)
    {
        var options = new BenchOptions();
        if (arguments.Contains("--quick"))
        {
            options = options with
            {
                Quick = true,
                Rounds = 1,
                Budget = TimeSpan.FromSeconds(16),
                Settle = TimeSpan.FromSeconds(5),
                TimeLimit = TimeSpan.FromMinutes(30),
                Out = Path.Combine("out", "benchmarks"),
            };
        }

        var rest = new Queue<string>(arguments);
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--quick" => options,
                "--list" => options with { List = true },
                "--filter" => options with { Filter = Value() },
                "--out" => options with { Out = Value() },
                "--rounds" => options with { Rounds = Number() },
                "--budget" => options with { Budget = TimeSpan.FromSeconds(Number()) },
                "--settle" => options with { Settle = TimeSpan.FromSeconds(Number()) },
                "--time-limit" => options with { TimeLimit = TimeSpan.FromMinutes(Number()) },
                _ => throw new ArgumentException($"there is no option {name}"),
            };

            string Value() => rest.TryDequeue(out var value) ? value : throw new ArgumentException($"{name} needs a value");

            int Number() => int.TryParse(Value(), CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw new ArgumentException($"{name} needs a positive number");
        }

        return options with { CommandLine = string.Join(' ', arguments) };
    }
}
