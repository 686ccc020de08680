using System.Globalization;
using System.Xml.Linq;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Probes;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Worker.Drift.Reports;

/// <summary>The figures of a detector's result as charts. Everything that they draw is a number of the report.</summary>
internal static class DriftReportCharts
{
    private const double Width = 720, Height = 180, Left = 60, Right = 12, Row = 26, Names = 150;

    /// <summary>Distances are drawn by their order of magnitude: from rounding to opposite vectors.</summary>
    private const double Nearest = 1e-8, Farthest = 2;

    public static IEnumerable<XElement> Of(DetectorResult result)
    {
        if (result.Model?.Probes is { } probes)
            yield return Probes(probes, "first run");
        if (result.Model?.FreshProbes is { } fresh)
            yield return Probes(fresh, "fresh run");
        if (result.Index is { Slices.Count: > 0 } index)
            yield return Mismatches(index);
        if (result.Quality is { Metrics.Count: > 0 } quality)
        {
            yield return IntervalChart.Differences(
                $"Metrics of {quality.CalibrationSet}: difference to the baseline with its bounds",
                [.. quality.Metrics.Select(m => new IntervalRow(m.Metric, m.Result.LowerBound ?? m.Result.MeanDifference, m.Result.MeanDifference, m.Result.UpperBound ?? m.Result.MeanDifference))]);
        }

        if (result.Data is { Coverage.Count: > 1 } data)
            yield return Coverage(data.Coverage);
        if (new[] { result.Data?.Queries?.Confirming, result.Data?.Queries?.Today }.OfType<QueryDayFinding>().ToList() is { Count: > 0 } days)
        {
            yield return IntervalChart.Differences(
                "Rise of the share of queries that find little, with its 95 % interval",
                [.. days.Select(d => new IntervalRow(Day(d.Day), d.Coverage.EffectLower, d.Coverage.Effect, d.Coverage.EffectUpper))]);
        }

        if (result.Data is { Languages.Count: > 0 } languages)
            yield return Languages(languages.Languages);
    }

    private static XElement Probes(ProbeComparison seen, string run)
    {
        var step = (Width - Left - Right) / Math.Max(1, seen.Distances.Count);
        var beyond = seen.Beyond.ToHashSet();
        var shapes = new List<XElement>();
        foreach (var power in new[] { -8, -6, -4, -2, 0 })
        {
            var y = Y(Math.Pow(10, power));
            shapes.Add(Svg.Line("grid", Left, y, Width - Right, y));
            shapes.Add(Svg.Scale(Left - 6, y + 4, $"1e{power}", "end"));
        }

        for (var i = 0; i < seen.Distances.Count; i++)
        {
            var x = Left + ((i + .5) * step);
            if (i < seen.Tolerances.Count)
                shapes.Add(Svg.Line("limit", x - (step * .4), Y(seen.Tolerances[i]), x + (step * .4), Y(seen.Tolerances[i])));
            var tip = string.Create(CultureInfo.InvariantCulture, $"probe {i + 1}: distance {Figure(seen.Distances[i])}{(i < seen.Tolerances.Count ? $", tolerance {Figure(seen.Tolerances[i])}" : "")}");
            shapes.Add(beyond.Contains(i) ? Svg.Cross("bad", x, Y(seen.Distances[i]), tip) : Svg.Dot("good", x, Y(seen.Distances[i]), tip));
        }

        return Svg.Figure(Width, Height, $"Probes, {run}: distance to the stored vector by order of magnitude. {beyond.Count} of {seen.Distances.Count} are beyond their tolerance (crosses); the ticks are tolerances", shapes);

        static double Y(double distance) =>
            8 + ((Height - 16) * (1 - Math.Clamp(Math.Log(Math.Max(distance, Nearest) / Nearest) / Math.Log(Farthest / Nearest), 0, 1)));
    }

    private static XElement Mismatches(IndexFindings found)
    {
        var (slices, height) = (found.Slices, Height - 40);
        var step = (Width - Left - Right) / slices.Count;
        var shapes = new List<XElement> { Svg.Scale(Left - 6, 14, "100 %", "end"), Svg.Scale(Left - 6, height + 4, "0 %", "end") };
        if (found.Block is { } block)
        {
            var compared = Math.Max(1, slices.Sum(slice => slice.Compared));
            double from = Left + ((Width - Left - Right) * block.Scan.First / compared), to = Left + ((Width - Left - Right) * (block.Scan.Last + 1) / compared);
            shapes.Add(Svg.Rectangle("block", from, 8, to - from, height - 8, $"block from id {block.FirstId} to {block.LastId}"));
            shapes.Add(Svg.Label(Math.Min(from, Width - 320), height + 34, $"block: id {block.FirstId} to {block.LastId}"));
        }

        for (var i = 0; i < slices.Count; i++)
        {
            var share = (double)slices[i].Mismatches / slices[i].Compared;
            shapes.Add(Svg.Rectangle(
                "bad-fill", Left + (i * step) + 1, height - ((height - 10) * share), step - 2, (height - 10) * share,
                $"from id {slices[i].FirstId}: {slices[i].Mismatches} of {slices[i].Compared}"));
        }

        shapes.Add(Svg.Line("axis", Left, height, Width - Right, height));
        shapes.Add(Svg.Label(Left, height + 16, $"id {slices[0].FirstId}"));
        return Svg.Figure(Width, Height, $"Share of vectors that the model does not give back, by place in the order of the ids: {found.Mismatches?.Mismatches ?? 0} of {found.Mismatches?.Sample ?? 0} points", shapes);
    }

    private static XElement Coverage(IReadOnlyList<CoverageDay> days)
    {
        var height = Height - 24;
        var most = Math.Max(.05, days.Max(day => day.BelowThreshold));
        var step = (Width - Left - Right) / days.Count;
        var shapes = new List<XElement>
        {
            Svg.Label(Left - 6, 14, Percent(most), "end"), Svg.Scale(Left - 6, height + 4, "0 %", "end"), Svg.Line("axis", Left, height, Width - Right, height),
            Svg.Label(Left, Height - 6, Day(days[0].Day)), Svg.Label(Width - Right, Height - 6, Day(days[^1].Day), "end"),
        };
        for (var i = 0; i < days.Count; i++)
        {
            var tall = (height - 10) * days[i].BelowThreshold / most;
            shapes.Add(Svg.Rectangle(
                i == days.Count - 1 ? "now" : "past", Left + (i * step) + 1, height - tall, step - 2, tall, $"{Day(days[i].Day)}: {Percent(days[i].BelowThreshold)} of {Count(days[i].Queries)} queries"));
        }

        return Svg.Figure(Width, Height, "Share of queries that find little, by day; the last one was judged", shapes);
    }

    private static XElement Languages(IReadOnlyList<LanguageShift> languages)
    {
        var height = (languages.Count * Row) + 8;
        var shapes = new List<XElement>();
        foreach (var (i, language) in languages.Index())
        {
            var y = (i * Row) + 4;
            shapes.Add(Svg.Label(0, y + 14, $"{language.Language}: {Percent(language.Before)} to {Percent(language.Now)}"));
            shapes.Add(Svg.Rectangle("past", Names, y, (Width - Names - Right) * language.Before, 9, $"before: {Percent(language.Before)}"));
            shapes.Add(Svg.Rectangle("now", Names, y + 10, (Width - Names - Right) * language.Now, 9, $"now: {Percent(language.Now)}"));
        }

        return Svg.Figure(Width, height, "Languages of queries: the upper bar of each is the past days' share, the lower the day's", shapes);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
