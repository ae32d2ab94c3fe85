namespace KubePolicySemaphore.Silo.Commands;

/// <summary>Columns side by side, as kubectl prints them.</summary>
internal static class TableText
{
    private const string Gap = "   ";

    /// <summary>Writes a heading and rows. Cells are escaped: names and errors in them are other clusters' text.</summary>
    public static async Task WriteTableAsync(this TextWriter output, IReadOnlyList<string> heading, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Select(row => row.Select(SafeText.Escape).ToArray()).Prepend([.. heading]).ToList();
        var widths = heading.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            await output.WriteLineAsync(string.Join(Gap, line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).ConfigureAwait(false);
    }

    /// <summary>How long ago, in its largest unit as kubectl has it; <c>-</c> for never.</summary>
    public static string Age(DateTimeOffset? then, DateTimeOffset now) => (now - then) switch
    {
        null => "-",
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 2 } age => $"{(int)age.TotalSeconds}s",
        { TotalHours: < 2 } age => $"{(int)age.TotalMinutes}m",
        { TotalDays: < 2 } age => $"{(int)age.TotalHours}h",
        { } age => $"{(int)age.TotalDays}d",
    };
}
