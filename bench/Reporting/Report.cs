using System.Globalization;
using System.Text;

namespace KubePolicySemaphore.Bench.Reporting;

/// <summary>A page of Markdown, printed as it grows and written anew with each table: what was measured is never lost.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();
    private readonly string _path;

    public Report(IBenchmark benchmark, BenchOptions options, MachineFacts machine)
    {
        Directory.CreateDirectory(options.Out);
        _path = Path.Combine(options.Out, $"{benchmark.Name}.md");
        Write($"# {benchmark.Title}\n");
        Write($"Made by `make bench{(options.CommandLine.Length > 0 ? $" ARGS=\"{options.CommandLine}\"" : "")}`"
            + (options.Quick ? ": a smoke run with small sizes, no measurement." : ".") + "\n");
        Write(machine.ToTable(benchmark.NeedsServers).ToString());
    }

    /// <summary>Tells what is going on, on standard error alone.</summary>
    public static void Progress(string text) => Console.Error.WriteLine($"bench: {text}");

    public void Section(string title) => Write($"## {title}\n");

    public void Note(string text) => Write($"{text}\n");

    public void Add(Table table)
    {
        Write(table.ToString());
        File.WriteAllText(_path, _text.ToString().TrimEnd() + "\n");
    }

    private void Write(string text)
    {
        Console.WriteLine(text);
        _text.Append(text).Append('\n');
    }

    /// <summary>A number with that many decimals, or a dash.</summary>
    public static string Number(double? value, int decimals = 1) =>
        value is { } number && double.IsFinite(number) ? number.ToString($"N{decimals}", CultureInfo.InvariantCulture) : "–";
}
