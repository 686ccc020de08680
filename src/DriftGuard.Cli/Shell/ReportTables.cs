using DriftGuard.Worker.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DriftGuard.Cli.Shell;

/// <summary>Writes the tables of reports; verdicts are words, and their colours only repeat them.</summary>
internal static class ReportTables
{
    private static readonly Style Good = new(Color.Green), Bad = new(Color.Red), Open = new(Color.Yellow);

    /// <summary>A table under its title; nothing for none.</summary>
    public static void WriteReport(this IAnsiConsole console, ReportTable? report)
    {
        if (report is null)
        {
            return;
        }

        console.Say($"[grey]{report.Title}[/]");
        var table = Tables.Create(console, [.. report.Columns]);
        foreach (var row in report.Rows)
        {
            table.AddRow(row.Select((cell, i) => (IRenderable)new Text(Printable.Of(cell), report.Columns[i] == ReportTable.Verdict ? StyleOf(cell) : Style.Plain)));
        }

        console.Write(table);
    }

    /// <summary>The colour of a verdict's word; none for another word.</summary>
    public static Style StyleOf(string verdict) => verdict switch
    {
        "pass" or "passed" or "better" or "matches" or "no_change" or "not_worse" or "not_refused" => Good,
        "fail" or "worse" or "refused" => Bad,
        "inconclusive" or "blocked" or "not_tested" => Open,
        _ => Style.Plain,
    };
}
