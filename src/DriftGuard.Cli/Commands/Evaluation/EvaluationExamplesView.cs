using DriftGuard.Cli.Shell;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Evaluation.Reports;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Evaluation;

/// <summary>The queries that a person should look at, with what both sides found.</summary>
internal static class EvaluationExamplesView
{
    private const int ResultsShown = 5, ExcerptShown = 60, RelevantNamed = 5;

    /// <summary>Writes some of each kind.</summary>
    public static void Write(IAnsiConsole console, EvaluationReport report, int queries)
    {
        if (report.Examples is not { } examples || queries == 0)
        {
            return;
        }

        Write(console, report, "queries that lost most", examples.MostWorsened.Take(queries));
        Write(console, report, "queries that gained most", examples.MostImproved.Take(queries));
        Write(console, report, "queries that score least", examples.Weakest.Take(queries));
    }

    private static void Write(IAnsiConsole console, EvaluationReport report, string title, IEnumerable<QueryExample> examples)
    {
        foreach (var (i, example) in examples.Index())
        {
            if (i == 0)
            {
                console.Say($"[bold]{title}[/]");
            }

            Write(console, report, example);
        }
    }

    private static void Write(IAnsiConsole console, EvaluationReport report, QueryExample example)
    {
        var values = report.Metrics.Select((metric, m) => example.New is null
            ? $"{metric} {ReportText.Figure(example.Old[m])}"
            : $"{metric} {ReportText.Figure(example.Old[m])} to {ReportText.Figure(example.New[m])}");
        var relevant = string.Join(", ", example.Relevant.Take(RelevantNamed)) + (example.Relevant.Count > RelevantNamed ? $" and {example.Relevant.Count - RelevantNamed} more" : "");
        console.Say($"{example.Id}: {example.Text}  [grey]{string.Join(", ", values)}; answered by {relevant}[/]");
        var sides = EvaluationNames.Sides(report);
        string[] columns = example.NewResults is null ? [">rank", "document", "text"] : [">rank", $"old: {sides[0].Name}", "text", $"new: {sides[^1].Name}", "text"];
        var table = Tables.Create(console, columns);
        for (var rank = 0; rank < Math.Min(ResultsShown, Math.Max(example.OldResults.Count, example.NewResults?.Count ?? 0)); rank++)
        {
            Text[] cells = [new(ReportText.Count(rank + 1)), .. Cells(example.OldResults.ElementAtOrDefault(rank)), .. example.NewResults is null ? [] : Cells(example.NewResults.ElementAtOrDefault(rank))];
            table.AddRow(cells);
        }

        console.Write(table);
    }

    private static Text[] Cells(FoundDocument? found) => found is null
        ? [new("-"), new("-")]
        :
        [
            new(Printable.Of(found.Judgement == DocumentJudgement.Unjudged ? found.Document : $"{found.Document} ({EvaluationNames.Word(found.Judgement).Replace('_', ' ')})"), found.Judgement == DocumentJudgement.Relevant ? new Style(Color.Green) : Style.Plain),
            new(Printable.Of(Printable.Shortened(found.Excerpt ?? "-", ExcerptShown))),
        ];
}
