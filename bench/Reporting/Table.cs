using System.Text;

namespace KubePolicySemaphore.Bench.Reporting;

/// <summary>A Markdown table; the first column is text, the others are numbers.</summary>
internal sealed class Table(params string[] header)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != header.Length)
            throw new ArgumentException($"{cells.Length} cells below {header.Length} headings", nameof(cells));
        _rows.Add(cells);
    }

    public override string ToString()
    {
        var widths = header.Select((title, column) => Math.Max(4, _rows.Select(row => row[column].Length).Append(title.Length).Max())).ToArray();
        var text = new StringBuilder();
        Line(header);
        text.Append('|').AppendJoin('|', widths.Select((width, column) => column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ':')).Append("|\n");
        foreach (var row in _rows)
            Line(row);
        return text.ToString();

        void Line(string[] cells) =>
            text.Append("| ").AppendJoin(" | ", cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]))).Append(" |\n");
    }
}
