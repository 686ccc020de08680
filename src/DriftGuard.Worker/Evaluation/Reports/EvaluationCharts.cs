using System.Xml.Linq;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Statistics;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Evaluation.Reports;

/// <summary>An evaluation's figures as charts. Everything that they draw is a number of the report.</summary>
internal static class EvaluationCharts
{
    private const double Width = 720, Height = 180, Left = 60, Right = 12;
    private const int MostBars = 360, MostSlices = 40;
    private const double Same = 1e-12;

    /// <summary>Each metric's difference with its bounds and the margin.</summary>
    public static XElement? Differences(EvaluationReport report)
    {
        if (report.Comparisons.Count == 0)
        {
            return null;
        }

        var rows = report.Comparisons.SelectMany(c => c.Exact is { } exact
            ? [Row(c.Metric, c.Result), Row($"{c.Metric}, exact search", exact)]
            : new[] { Row(c.Metric, c.Result) });
        return IntervalChart.Differences(
            $"Difference of each metric, new less old, with its one-sided {100 * (1 - report.Comparisons[0].Result.Alpha):0} % bounds; a cross is worse. Left of the margin a loss is too large",
            [.. rows], report.Comparisons.Max(c => c.Result.Margin));

        static IntervalRow Row(string name, MatchesOrBeatsResult result) => new(
            name, result.LowerBound ?? result.MeanDifference, result.MeanDifference, result.UpperBound ?? result.MeanDifference,
            result.Verdict == MatchesOrBeatsVerdict.Worse ? IntervalMark.Cross : IntervalMark.Square);
    }

    /// <summary>Levels of both sides; nothing for a preflight.</summary>
    public static XElement? Levels(EvaluationReport report) => !report.ShowsLevels() || report.Old.Means.Count == 0 ? null : IntervalChart.Levels(
        report.New is null ? "Mean of each metric with its 95 % interval" : "Mean of each metric with its 95 % interval: a dot is the old side, a square the new one",
        [.. report.Metrics.SelectMany((metric, m) => EvaluationNames.Sides(report).Select((side, s) =>
            Row($"{metric}, {side.Role}", side.Side.Means[m], side.Side.Intervals.ElementAtOrDefault(m), s == 0 ? IntervalMark.Dot : IntervalMark.Square)))]);

    /// <summary>Approximate search against exact search on each side; nothing where no side was searched both ways.</summary>
    public static XElement? ApproximateAgainstExact(EvaluationReport report)
    {
        var sides = EvaluationNames.Sides(report).Where(side => !side.Side.ExactOnly && side.Side.ExactMeans.Count > 0).ToList();
        return !report.ShowsLevels() || sides.Count == 0 ? null : IntervalChart.Levels(
            "Approximate search, as users search, as a dot against exact search as a square: where they lie apart, the index' parameters lose it",
            [.. report.Metrics.SelectMany((metric, m) => sides.SelectMany(side => new[]
            {
                Row($"{metric}, {side.Role}, approximate", side.Side.Means[m], side.Side.Intervals.ElementAtOrDefault(m), IntervalMark.Dot),
                Row($"{metric}, {side.Role}, exact", side.Side.ExactMeans[m], side.Side.ExactIntervals.ElementAtOrDefault(m), IntervalMark.Square),
            }))]);
    }

    /// <summary>Each slice: its difference with bounds, or by itself its level.</summary>
    public static XElement? Slices(EvaluationReport report)
    {
        if (report.Slices is not { Slices.Count: > 0 } slices)
        {
            return null;
        }

        var rest = slices.Slices.Count > MostSlices ? $"; the first {MostSlices} of {slices.Slices.Count}, the others are in the table" : "";
        var compared = slices.Slices.Where(slice => slice.Comparison is not null).OrderBy(slice => slice.Comparison!.Difference).Take(MostSlices).ToList();
        return compared.Count > 0
            ? IntervalChart.Differences(
                $"Slices by {slices.Metric}, new less old, with one-sided 95 % bounds, the largest loss first; a cross is worse{rest}",
                [.. compared.Select(slice => new IntervalRow(
                    $"{slice.Name()}, {slice.Queries} queries", slice.Comparison!.Lower ?? slice.Comparison.Difference, slice.Comparison.Difference, slice.Comparison.Upper ?? slice.Comparison.Difference,
                    slice.Comparison.Verdict == SliceVerdict.Worse ? IntervalMark.Cross : slice.Comparison.Verdict == SliceVerdict.NotTested ? IntervalMark.Dot : IntervalMark.Square))], slices.Margin)
            : !report.ShowsLevels() ? null
            : IntervalChart.Levels(
                $"Slices by {slices.Metric}, with 95 % intervals, the lowest first{rest}",
                [.. slices.Slices.OrderBy(slice => slice.Old[0]).Take(MostSlices).Select(slice => Row($"{slice.Name()}, {slice.Queries} queries", slice.Old[0], slice.OldInterval, IntervalMark.Dot))]);
    }

    /// <summary>The primary metric's difference of each query that changed, sorted.</summary>
    public static XElement? Queries(EvaluationReport report)
    {
        var changed = report.Queries.Where(query => query.New is not null).Select(query => query.New![0] - query.Old[0]).Where(d => Math.Abs(d) > Same).Order().ToList();
        if (changed.Count == 0)
        {
            return null;
        }

        // More bars than fit are thinned evenly: the shape stays.
        var bars = changed.Count <= MostBars ? changed : [.. Enumerable.Range(0, MostBars).Select(i => changed[(int)((long)i * (changed.Count - 1) / (MostBars - 1))])];
        var step = (Width - Left - Right) / bars.Count;
        var middle = Height / 2;
        var shapes = new List<XElement> { Svg.Scale(Left - 6, 14, "+1", "end"), Svg.Scale(Left - 6, middle + 4, "0", "end"), Svg.Scale(Left - 6, Height - 6, "-1", "end") };
        foreach (var (i, difference) in bars.Index())
        {
            var tall = Math.Abs(difference) * (middle - 8);
            shapes.Add(Svg.Rectangle(difference < 0 ? "bad-fill" : "now", Left + (i * step), difference < 0 ? middle : middle - tall, Math.Max(step * .85, .6), tall, Difference(difference)));
        }

        shapes.Add(Svg.Line("axis", Left, middle, Width - Right, middle));
        var worse = changed.Count(d => d < 0);
        return Svg.Figure(
            Width, Height,
            $"{report.Metrics[0]} of each query that changed, new less old, sorted: {Count(worse)} lose (below the line), {Count(changed.Count - worse)} gain, {Count(report.Queries.Count - changed.Count)} are the same{(bars.Count < changed.Count ? $"; {Count(bars.Count)} of them drawn" : "")}",
            shapes);
    }

    private static IntervalRow Row(string name, double value, MeanInterval? interval, IntervalMark mark) => new(name, interval?.Lower ?? value, value, interval?.Upper ?? value, mark);
}
