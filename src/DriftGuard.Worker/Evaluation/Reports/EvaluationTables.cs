using System.Globalization;
using DriftGuard.Core.Gate;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Evaluation.Reports;

/// <summary>An evaluation's figures as tables: the same on the terminal and on pages.</summary>
public static class EvaluationTables
{
    private static readonly string[] ExactColumns = ["metric", "side", ">exact search", ">95 % interval"];
    private static readonly string[] BothColumns = ["metric", "side", ">as users search", ">95 % interval", ">exact search", ">95 % interval"];

    /// <summary>The metrics compared; null where only one side was scored. A preflight's levels are not the index' and are left out.</summary>
    public static ReportTable? Metrics(EvaluationReport report)
    {
        if (report.Comparisons.Count == 0 || report.New is not { } now)
        {
            return null;
        }

        var (old, @new) = EvaluationNames.Of(report.Old, now);
        var levels = report.ShowsLevels();
        return new(
            $"metrics, paired by query, {EvaluationNames.Search(report)}; one-sided {100 * (1 - report.Comparisons[0].Result.Alpha):0} % bounds of the difference",
            ["metric", .. levels ? [$">{old}", $">{@new}"] : Array.Empty<string>(), ">difference", ">bounds", ">margin", ">p, sign flips", ReportTable.Verdict],
            [.. report.Comparisons.Select(c => Row(
                [
                    c.Metric, .. levels ? [Level(c.Result.MeanOld), Level(c.Result.MeanNew)] : Array.Empty<string>(),
                    Difference(c.Result.MeanDifference), Bounds(c.Result.LowerBound, c.Result.UpperBound), Margin(c.Result), c.SignFlip is null ? "-" : Figure(c.SignFlip.P), c.Result.Verdict.Name(),
                ]))]);
    }

    /// <summary>Levels of each side with their intervals, as users search and exactly; null for a preflight, whose levels are not the index'.</summary>
    public static ReportTable? Levels(EvaluationReport report)
    {
        if (!report.ShowsLevels() || report.Old.Means.Count == 0)
        {
            return null;
        }

        var sides = EvaluationNames.Sides(report);
        var exactOnly = sides.All(side => side.Side.ExactOnly);
        return new(
            "means over all queries, with 95 % intervals that respect groups",
            exactOnly ? ExactColumns : BothColumns,
            [.. report.Metrics.SelectMany((metric, m) => sides.Where(side => side.Side.Means.Count > m).Select(side => Row(
                [
                    metric, side.Name,
                    .. exactOnly ? Array.Empty<string>() : [Level(side.Side.Means[m]), Interval(side.Side.Intervals.ElementAtOrDefault(m))],
                    Level(side.Side.ExactMeans[m]), Interval(side.Side.ExactIntervals.ElementAtOrDefault(m)),
                ])))]);
    }

    /// <summary>Whose the differences are; null where a side was not searched both ways.</summary>
    public static ReportTable? Attribution(EvaluationReport report)
    {
        var attributed = report.Comparisons.Where(c => c.Attribution is not null).ToList();
        return attributed.Count == 0 ? null : new(
            "whose the difference is: the model's by exact search, the rest the approximate index'",
            ["metric", ">difference", ">model", ">bounds", ">approximate index", ">bounds", "loses"],
            [.. attributed.Select(c => Row(
                c.Metric, Difference(c.Attribution!.Difference), Difference(c.Attribution.Model.Mean), Bounds(c.Attribution.Model.Lower, c.Attribution.Model.Upper),
                Difference(c.Attribution.Index.Mean), Bounds(c.Attribution.Index.Lower, c.Attribution.Index.Upper), EvaluationNames.Word(c.Attribution.Cause)))]);
    }

    /// <summary>The slices by the primary metric, then by each other one; none where the set declares none.</summary>
    /// <param name="report">The report.</param>
    /// <param name="all">Whether every metric and figure is shown; otherwise the primary metric and those on which a slice is worse, with what a terminal has room for.</param>
    public static IEnumerable<ReportTable> Slices(EvaluationReport report, bool all)
    {
        if (report.Slices is not { Slices.Count: > 0 } slices)
        {
            return [];
        }

        // The means of every metric stand in the first table already.
        var others = report.OtherSlices.Where(other => all || other.Slices.Any(slice => slice.Comparison?.Verdict == SliceVerdict.Worse)).Select(other => Slices(other, [], all));
        return [Slices(slices, report.ShowsLevels() ? report.Metrics.Take(all ? report.Metrics.Count : 1) : [], all), .. others];
    }

    private static ReportTable Slices(SlicesReport slices, IEnumerable<string> levelsOf, bool all)
    {

        var metrics = levelsOf.ToList();
        var levels = metrics.Count > 0;
        var compared = slices.Slices.Any(slice => slice.Comparison is not null);
        IEnumerable<string> columns =
        [
            "slice", ">queries", ">groups",
            .. levels ? metrics.SelectMany(metric => compared ? new[] { $">{metric}, old", ">new" } : [$">{metric}"]) : [],
            .. compared ? ComparedColumns(all) : levels ? [">95 % interval"] : Array.Empty<string>(),
        ];
        var title = compared
            ? string.Create(CultureInfo.InvariantCulture, $"slices by {slices.Metric}: one fails with p <= {slices.Alpha:0.00} after Holm and a loss of {slices.Margin:0.000} or more; seed of random signs {slices.Seed}")
            : $"slices by {slices.Metric}";
        return new(title, [.. columns], [.. slices.Slices.Select(slice => Row(
            [
                slice.Name() + (slice.Critical ? " (critical)" : ""), Count(slice.Queries), Count(slice.Groups),
                .. levels ? Enumerable.Range(0, metrics.Count).SelectMany(m => compared ? new[] { Level(slice.Old[m]), slice.New is null ? "-" : Level(slice.New[m]) } : [Level(slice.Old[m])]) : [],
                .. slice.Comparison is { } c ? Compared(c, all) : levels ? [Interval(slice.OldInterval)] : Array.Empty<string>(),
            ]))]);
    }

    /// <summary>The gate's conditions; null where no gate was asked.</summary>
    /// <param name="report">The report.</param>
    /// <param name="all">Whether reasons and every figure are shown.</param>
    public static ReportTable? Gate(EvaluationReport report, bool all) => report.Gate is not { } gate ? null : new(
        $"the gate: {EvaluationNames.Word(gate.Decision)}",
        all ? ["gate condition", ReportTable.Verdict, "reason", "what it says", "threshold", "figures"] : ["gate condition", ReportTable.Verdict, "figures", "threshold"],
        [.. gate.Rows.Select(row => all
            ? Row(row.Condition, Word(row.Verdict), row.Reason, row.Message, Threshold(row), string.Join("; ", row.Figures.Select(figure => $"{figure.Key} {Figure(figure.Value)}")))
            : Row(row.Condition, Word(row.Verdict), row.Message, Threshold(row)))]);

    /// <summary>What was evaluated: ids, sides, sizes and seeds.</summary>
    public static ReportTable Facts(EvaluationReport report) => ReportTable.Facts(
        "what was evaluated",
        [
            ("evaluation", $"{report.Id}, {report.Kind}, {Time(report.At)}{(report.Index is null ? "; not kept, since no index is involved" : "")}"),
            ("index", report.Index),
            ("calibration set", $"{report.CalibrationSet}: {Count(report.Queries.Count)} queries{(report.Groups is { } groups ? $" in {Count(groups)} groups" : "")}"),
            ("sub-corpus", report.SubCorpus is { } sub ? $"{Count(sub.Queries)} queries and {Count(sub.Documents)} documents, seed {report.Seed}: levels on it are not the index'" : null),
            .. EvaluationNames.Sides(report).Select(side => ((string, string?))(side.Role, Side(side.Side))),
            ("relevant documents missing", report.Labels is { } labels ? $"{Count(labels.Missing)} of {Count(labels.Relevant)}{(labels.Missing == 0 ? "" : $" ({string.Join(", ", labels.MissingIds)}); {Count(labels.QueriesWithoutAny)} queries have none left and score 0")}" : null),
            ("queries", report.Examples is { } examples && report.New is not null ? $"{Count(examples.Improved)} better, {Count(examples.Worsened)} worse, {Count(examples.Unchanged)} the same" : null),
            ("sign flips", string.Join("; ", report.Comparisons.Where(c => c.SignFlip is not null).Select(c =>
                $"{c.Metric}: {(c.SignFlip!.Exact ? $"all {Count(c.SignFlip.Total)} counted" : $"{Count(c.SignFlip.Total)} random ones, seed {c.SignFlip.Seed}")}")) is { Length: > 0 } flips ? flips : null),
        ]);

    private static string Side(SideReport side) =>
        $"{side.Model} ({Fingerprint(side.Fingerprint)}) on {side.Collection}"
        + (side.P95Milliseconds > 0 ? string.Create(CultureInfo.InvariantCulture, $", p95 {side.P95Milliseconds:0.00} ms") : "")
        + (side.JudgedAt10 is { } judged ? $", {Percent(judged)} of the first ten results judged" : "")
        + (side.Unembeddable > 0 ? $", {Count(side.Unembeddable)} queries could not be embedded" : "");

    private static string[] ComparedColumns(bool all) =>
        [">difference", .. all ? [">bounds", "test", ">p"] : Array.Empty<string>(), ">p after Holm", ">finds losses of", ReportTable.Verdict];

    private static string[] Compared(SliceComparison c, bool all) =>
    [
        Difference(c.Difference), .. all ? [Bounds(c.Lower, c.Upper), EvaluationNames.Word(c.Test), Figure(c.P)] : Array.Empty<string>(), Figure(c.AdjustedP), c.DetectableHarm is { } harm ? Level(harm) : "-", EvaluationNames.Word(c.Verdict),
    ];

    private static string Threshold(GateRow row) => row.Threshold.Length == 0 ? "-" : row.Threshold;

    private static string Word(GateVerdict verdict) => EvaluationNames.Word(verdict);

    private static string Margin(MatchesOrBeatsResult result) => result.Margin.ToString("0.000", CultureInfo.InvariantCulture) + (result.MarginIsDefault ? " (by default)" : "");

    private static string Level(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Interval(MeanInterval? interval) => interval is null ? "-" : $"{Level(interval.Lower)} to {Level(interval.Upper)}";

    private static string Bounds(double? lower, double? upper) => lower is { } from && upper is { } to ? $"{Difference(from)} to {Difference(to)}" : "-";

    private static IReadOnlyList<string> Row(params IReadOnlyList<string> cells) => cells;
}
