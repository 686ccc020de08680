using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Worker.Evaluation;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Rollout;

/// <summary>An evaluation of two sides as tables: the metrics with their bounds, then the gate's conditions.</summary>
internal static class GateTables
{
    public static void Write(IAnsiConsole console, EvaluationReport report)
    {
        WriteMetrics(console, report);
        if (report.Gate is { } gate)
        {
            WriteConditions(console, gate);
        }
        else
        {
            console.Say($"{report.Sentence}");
        }
    }

    public static void WriteMetrics(IAnsiConsole console, EvaluationReport report)
    {
        if (report.New is null)
        {
            return;
        }

        var table = Tables.Create(console, "metric", $">{report.Old.Model}", $">{report.New.Model}", ">difference", ">bounds", ">margin", "verdict");
        foreach (var (name, result) in report.Comparisons.Select(c => (c.Metric, c.Result)))
        {
            table.AddRow(
                new Text(name), Figure(result.MeanOld), Figure(result.MeanNew), Signed(result.MeanDifference),
                new Text(result is { LowerBound: { } lower, UpperBound: { } upper } ? string.Create(CultureInfo.InvariantCulture, $"{lower:+0.0000;-0.0000} to {upper:+0.0000;-0.0000}") : "-"),
                new Text(result.Margin.ToString("0.000", CultureInfo.InvariantCulture)),
                new Markup(Coloured(result.Verdict)));
        }

        console.Write(table);
        console.Say($"[grey]{report.Queries.Count} queries of {report.CalibrationSet}, paired by query; one-sided {100 * (1 - (report.Comparisons.Count > 0 ? report.Comparisons[0].Result.Alpha : .05)):0} % bounds of the difference[/]");
    }

    public static void WriteConditions(IAnsiConsole console, GateReport gate)
    {
        var table = Tables.Create(console, "gate condition", "verdict", "figures");
        foreach (var row in gate.Rows)
        {
            table.AddRow(new Text(row.Condition), new Markup(Coloured(row.Verdict)), new Text(row.Message));
        }

        console.Write(table);
    }

    private static Text Figure(double value) => new(value.ToString("0.0000", CultureInfo.InvariantCulture));

    private static Text Signed(double value) => new(value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture));

    private static string Coloured(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Pass => "[green]pass[/]",
        GateVerdict.Fail => "[red]fail[/]",
        _ => "[yellow]inconclusive[/]",
    };

    private static string Coloured(MatchesOrBeatsVerdict verdict) =>
        verdict.Passes() ? $"[green]{verdict.Name()}[/]" : verdict == MatchesOrBeatsVerdict.Worse ? "[red]worse[/]" : "[yellow]inconclusive[/]";
}
