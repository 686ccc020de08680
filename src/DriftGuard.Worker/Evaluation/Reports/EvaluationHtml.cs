using System.Globalization;
using System.Xml.Linq;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.HtmlPage;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Evaluation.Reports;

/// <summary>An evaluation as one page that needs nothing else, for a team to read before it approves.</summary>
public static class EvaluationHtml
{
    private const int RelevantNamed = 10;

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The page, which is well-formed XML after its first line.</returns>
    public static string Write(EvaluationReport report) => HtmlPage.Write($"{EvaluationNames.Title(report)}: {EvaluationNames.Verdict(report)}", Main(report), Foot(report));

    /// <summary>What a page about a report holds.</summary>
    internal static IEnumerable<XElement?> Main(EvaluationReport report) =>
        [
            Head(report),
            Section("The gate", Of(EvaluationTables.Gate(report, all: true))),
            Section(
                "Metrics", report.ShowsLevels() ? null : Element("p", "Measured on a sub-corpus: only the differences say something about the index, and they are not to scale.", "dim"),
                Of(EvaluationTables.Metrics(report)), EvaluationCharts.Differences(report), report.ShowsLevels() ? Sentences(report.Comparisons.Select(c => $"{c.Metric}: {c.Result.Sentence}")) : null,
                Of(EvaluationTables.Levels(report)), EvaluationCharts.Levels(report)),
            Section(
                "Model or index", Of(EvaluationTables.Attribution(report)), Sentences(report.Comparisons.Where(c => c.Attribution is not null).Select(c => $"{c.Metric}: {c.Attribution!.Sentence}")),
                EvaluationCharts.ApproximateAgainstExact(report)),
            Section("Slices", [.. EvaluationTables.Slices(report, all: true).Select(Of), EvaluationCharts.Slices(report)]),
            Section("Queries that changed", EvaluationCharts.Queries(report)),
            Examples("Queries that lost most", report, report.Examples?.MostWorsened),
            Examples("Queries that gained most", report, report.Examples?.MostImproved),
            Examples("Queries that score least", report, report.Examples?.Weakest),
            Section("What was evaluated", Of(EvaluationTables.Facts(report))),
        ];

    /// <summary>Queries that changed most, with what they found on both sides.</summary>
    internal static IEnumerable<XElement?> Changed(EvaluationReport report, int most) =>
    [
        Examples("Lost most", report, report.Examples?.MostWorsened.Take(most).ToList()),
        Examples("Gained most", report, report.Examples?.MostImproved.Take(most).ToList()),
    ];

    private static XElement Head(EvaluationReport report) => new(
        "header",
        new XElement("h1", $"{XmlText.Of(EvaluationNames.Title(report))}: ", Verdict(EvaluationNames.Verdict(report))),
        new XElement("div", new XAttribute("class", "answers"), new XElement("section", Element("h2", "Verdict"), Element("p", report.Sentence))),
        Element("p", $"{report.CalibrationSet}, {Count(report.Queries.Count)} queries{(report.Groups is { } groups ? $" in {Count(groups)} groups" : "")}, {Time(report.At)}.", "dim"),
        Sentences(report.Notes));

    private static XElement? Section(string title, params ReadOnlySpan<XElement?> content)
    {
        var there = new List<XElement>();
        foreach (var element in content)
        {
            if (element is not null)
            {
                there.Add(element);
            }
        }

        return there.Count == 0 ? null : new("section", Element("h2", title), there);
    }

    private static XElement? Of(ReportTable? table) => table is null ? null : Table(
        table.Title, table.Columns,
        table.Rows.Select(row => (IReadOnlyList<object>)[.. row.Select((cell, i) => table.Columns[i] == ReportTable.Verdict ? (object)Verdict(cell) : cell)]));

    private static XElement? Sentences(IEnumerable<string> lines) => lines.ToList() is { Count: > 0 } some ? List(some) : null;

    private static XElement? Examples(string title, EvaluationReport report, IReadOnlyList<QueryExample>? examples) => examples is not { Count: > 0 } some
        ? null
        : new("section", Element("h2", title), some.Select(example => Example(report, example)));

    private static XElement Example(EvaluationReport report, QueryExample example)
    {
        var values = report.Metrics.Select((metric, m) => example.New is null ? $"{metric} {Figure(example.Old[m])}" : $"{metric} {Figure(example.Old[m])} to {Figure(example.New[m])}");
        var more = example.Relevant.Count > RelevantNamed ? string.Create(CultureInfo.InvariantCulture, $" and {example.Relevant.Count - RelevantNamed:N0} more") : "";
        var fields = example.Fields.Count == 0 ? "" : $" {string.Join(", ", example.Fields.Select(field => $"{field.Key} {field.Value}"))}.";
        return new(
            "div", new XAttribute("class", "sides"),
            Element("h3", example.Text),
            Element("p", $"Query {example.Id}: {string.Join(", ", values)}.{fields} Answered by {string.Join(", ", example.Relevant.Take(RelevantNamed))}{more}.", "dim"),
            Table(
                example.NewResults is null ? "What it finds" : "What it found on the old side, and on the new one",
                example.NewResults is null ? [">rank", "document", "judged", "text"] : [">rank", "old: document", "judged", "text", "new: document", "judged", "text"],
                Enumerable.Range(0, Math.Max(example.OldResults.Count, example.NewResults?.Count ?? 0)).Select(rank => (IReadOnlyList<object>)
                [
                    Count(rank + 1), .. Result(example.OldResults.ElementAtOrDefault(rank)), .. example.NewResults is null ? [] : Result(example.NewResults.ElementAtOrDefault(rank)),
                ])));
    }

    private static object[] Result(FoundDocument? found) => found is null
        ? ["-", "-", "-"]
        :
        [
            found.Document, found.Judgement == DocumentJudgement.Relevant ? Element("span", "relevant ✓", "relevant") : EvaluationNames.Word(found.Judgement).Replace('_', ' '), found.Excerpt ?? "-",
        ];

    private static XElement Foot(EvaluationReport report) => Element(
        "footer",
        $"Evaluation {report.Id}; {string.Join("; ", EvaluationNames.Sides(report).Select(side => $"{side.Role} {side.Side.Collection}, model {side.Side.Model}, fingerprint {side.Side.Fingerprint}"))}; seeds: "
        + $"sub-corpus {Seed(report.Seed)}, sign flips {Seed(report.Comparisons.Select(c => c.SignFlip?.Seed).FirstOrDefault(seed => seed is not null))}, slices {Seed(report.Slices?.Seed)}.");

    private static string Seed(int? seed) => seed?.ToString(CultureInfo.InvariantCulture) ?? "none";
}
