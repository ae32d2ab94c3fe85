using System.Globalization;
using System.Text.RegularExpressions;

namespace KubePolicySemaphore.EndToEnd.Tests.Worlds;

/// <summary>What <c>/metrics</c> answered, in Prometheus' text format.</summary>
public sealed partial class MetricsText(string text)
{
    private readonly IReadOnlyList<(string Name, Dictionary<string, string> Labels, double Value)> _samples =
    [
        .. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(Parse),
    ];

    public string Text => text;

    public IEnumerable<string> LabelNames => _samples.SelectMany(sample => sample.Labels.Keys).Distinct();

    /// <summary>Names of the families, whether or not they have a series.</summary>
    public IReadOnlyCollection<string> Families { get; } =
        [.. text.Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];

    /// <summary>The sum over the series that have these labels; <see langword="null"/> when there is none.</summary>
    public double? Find(string name, params (string Label, string Value)[] labels)
    {
        var found = _samples
            .Where(sample => sample.Name == name && labels.All(label => sample.Labels.GetValueOrDefault(label.Label) == label.Value))
            .Select(sample => sample.Value)
            .ToList();
        return found.Count == 0 ? null : found.Sum();
    }

    private static (string Name, Dictionary<string, string> Labels, double Value) Parse(string line)
    {
        var match = Sample().Match(line);
        if (!match.Success)
            throw new FormatException($"no sample of Prometheus' text format: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(label => label.Groups[1].Value, label => label.Groups[2].Value);
        var value = match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        };
        return (match.Groups["name"].Value, labels, value);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,|$)""")]
    private static partial Regex Label();
}
