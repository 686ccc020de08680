using System.CommandLine;
using System.Text.Json;
using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Evaluation;

/// <summary>An evaluation on the terminal: the verdict first, then what it stands on.</summary>
internal static class EvaluationView
{
    private const int UsualQueries = 3;

    /// <summary>The option of how many queries of each kind are shown.</summary>
    public static Option<int?> QueriesOption() => NumberOption.Create(
        "--queries", $"How many of the queries that changed most, or score least, are shown with their results [default: {UsualQueries}]", 0, QueryExamples.MostKept);

    /// <summary>Shows a report, and writes it into the files that were asked for.</summary>
    public static Task ShowAsync(CommandContext context, ParseResult arguments, EvaluationReport report, int? queries, ReportFiles files)
    {
        context.Report(report, (console, shown) => Write(console, shown, queries ?? UsualQueries), EvaluationJson.Indented);
        return files.WriteAsync(context, arguments, () => EvaluationHtml.Write(report), () => JsonSerializer.Serialize(report, EvaluationJson.Indented));
    }

    /// <summary>What a rollout shows of it: the metrics, and the gate's conditions.</summary>
    public static void WriteBrief(IAnsiConsole console, EvaluationReport report)
    {
        console.WriteReport(EvaluationTables.Metrics(report));
        if (report.Gate is null)
        {
            console.Say($"{report.Sentence}");
        }

        console.WriteReport(EvaluationTables.Gate(report, all: false));
    }

    private static void Write(IAnsiConsole console, EvaluationReport report, int queries)
    {
        var verdict = EvaluationNames.Verdict(report);
        console.Write(new Text($"{verdict}: ", ReportTables.StyleOf(verdict)));
        console.Say($"{report.Sentence}");
        foreach (var note in report.Notes)
        {
            console.Say($"[yellow]note[/] {note}");
        }

        console.WriteLine();
        console.WriteReport(EvaluationTables.Metrics(report));
        console.WriteReport(EvaluationTables.Levels(report));
        console.WriteReport(EvaluationTables.Attribution(report));
        foreach (var compared in report.Comparisons.Where(c => c.Attribution is not null))
        {
            console.Say($"  {compared.Metric}: {compared.Attribution!.Sentence}");
        }

        foreach (var slices in EvaluationTables.Slices(report, all: false))
        {
            console.WriteReport(slices);
        }
        console.WriteReport(EvaluationTables.Gate(report, all: false));
        EvaluationExamplesView.Write(console, report, queries);
        console.WriteReport(EvaluationTables.Facts(report));
    }
}
