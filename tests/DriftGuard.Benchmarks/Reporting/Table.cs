using System.Globalization;
using DriftGuard.Embedding.Benchmarking;

namespace DriftGuard.Benchmarks.Reporting;

/// <summary>A table for a terminal that is Markdown too: its columns are as wide as their widest cell.</summary>
internal sealed class Table(params string[] head)
{
    private readonly List<string[]> _rows = [head, [.. head.Select(_ => "-")]];

    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Adds minimum, median and maximum of a figure.</summary>
    public void Add(string figure, MinMedianMax spread, string format) => Add(
        figure, Text(spread.Min, format), Text(spread.Median, format), Text(spread.Max, format));

    public void Write(TextWriter output)
    {
        var widths = head.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            var line = row.Select((cell, column) => ReferenceEquals(row, _rows[1])
                ? new string('-', widths[column])
                : column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine($"| {string.Join(" | ", line)} |");
        }

        output.WriteLine();
    }

    public static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
