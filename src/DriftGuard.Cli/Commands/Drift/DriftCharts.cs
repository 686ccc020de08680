using System.Globalization;
using DriftGuard.Cli.Shell;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Drift.Findings;
using DriftGuard.Core.Drift.Queries;
using DriftGuard.Worker.Reports;
using Spectre.Console;

namespace DriftGuard.Cli.Commands.Drift;

/// <summary>The figures of a drift report as small charts. Each stands beside its numbers.</summary>
internal static class DriftCharts
{
    private const int Width = 40;

    /// <summary>Distances are drawn by their order of magnitude: from rounding to opposite vectors.</summary>
    private const double Nearest = 1e-6, Farthest = 2;

    public static void Write(IAnsiConsole console, IEnumerable<DetectorResult> results)
    {
        var chart = TextChart.For(console);
        foreach (var result in results)
        {
            Probes(console, chart, result.Model?.Categories ?? []);
            Mismatches(console, chart, result.Index);
            Metrics(console, chart, result.Quality);
            Days(console, chart, result.Data?.Coverage ?? []);
            Coverage(console, chart, result.Data?.Queries);
            Languages(console, chart, result.Data?.Languages ?? []);
        }
    }

    private static void Probes(IAnsiConsole console, TextChart chart, IReadOnlyList<ProbeCategory> categories)
    {
        if (categories.Count == 0)
        {
            return;
        }

        console.Say($"[bold]probes[/]: the largest distance to what was fingerprinted, by order of magnitude from 1e-6 to 2; | is the median tolerance");
        var table = Tables.Create(console, "category", ">beyond", ">median", ">largest", ">tolerance", "");
        foreach (var category in categories)
        {
            table.AddTextRow(
                category.Category, string.Create(CultureInfo.InvariantCulture, $"{category.Beyond} of {category.Probes}"), ReportText.Figure(category.MedianDistance),
                ReportText.Figure(category.MaxDistance), ReportText.Figure(category.MedianTolerance),
                chart.Bar(Magnitude(category.MaxDistance), Width, category.MedianTolerance > 0 ? Magnitude(category.MedianTolerance) : null));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static void Mismatches(IAnsiConsole console, TextChart chart, IndexFindings? found)
    {
        if (found is not { Slices: { Count: > 0 } slices, Mismatches: { } share })
        {
            return;
        }

        var compared = slices.Sum(slice => slice.Compared);
        console.Say($"[bold]vectors that are not the model's[/]: {share.Mismatches} of {share.Sample} ({ReportText.Percent(share.Lower95)} to {ReportText.Percent(share.Upper95)}), in the order of the ids; a dot where there is none, higher is more");
        console.Say($"  {chart.Strip(slices.Select(slice => (double)slice.Mismatches / slice.Compared))}");
        if (found.Block is { } block)
        {
            var (from, to) = (Place(block.Scan.First), Place(block.Scan.Last));
            console.Say($"  {new string(' ', from)}{new string('^', to - from + 1)}");
            console.Say($"  ^ block: {block.Scan.InsideMismatches} of {block.Scan.Inside} from id {block.FirstId} to {block.LastId}, p {ReportText.Figure(block.Scan.P)}");
        }

        console.WriteLine();

        int Place(int position) => (int)Math.Min(slices.Count - 1, (long)position * slices.Count / Math.Max(1, compared));
    }

    private static void Metrics(IAnsiConsole console, TextChart chart, QualityFindings? found)
    {
        if (found is not { Metrics.Count: > 0 })
        {
            return;
        }

        var reach = found.Metrics.Max(metric => new[] { .05, Math.Abs(metric.Result.LowerBound ?? 0), Math.Abs(metric.Result.UpperBound ?? 0), Math.Abs(metric.Result.MeanDifference) }.Max());
        console.Say($"[bold]retrieval[/] of {found.CalibrationSet}: difference to the baseline with its bounds, from {-reach:0.00} to {reach:+0.00}; | is no difference");
        var table = Tables.Create(console, "metric", ">baseline", ">now", ">difference", "bounds", "");
        foreach (var metric in found.Metrics)
        {
            var (lower, upper) = (metric.Result.LowerBound ?? metric.Result.MeanDifference, metric.Result.UpperBound ?? metric.Result.MeanDifference);
            table.AddTextRow(
                metric.Metric, Digits(metric.Baseline), Digits(metric.Now), ReportText.Difference(metric.Result.MeanDifference), $"{ReportText.Difference(lower)} to {ReportText.Difference(upper)}",
                chart.Interval((lower, metric.Result.MeanDifference, upper), reach, Width));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static void Days(IAnsiConsole console, TextChart chart, IReadOnlyList<CoverageDay> days)
    {
        if (days.Count < 2)
        {
            return;
        }

        var shares = days.Select(day => (double?)day.BelowThreshold).ToList();
        console.Say($"[bold]queries that find little[/], by day from {days[0].Day:yyyy-MM-dd} to {days[^1].Day:yyyy-MM-dd}: {ReportText.Percent(shares.Min()!.Value)} to {ReportText.Percent(shares.Max()!.Value)}, last {ReportText.Percent(days[^1].BelowThreshold)}");
        console.Say($"  {chart.Sparkline(shares)}");
        console.WriteLine();
    }

    private static void Coverage(IAnsiConsole console, TextChart chart, QueryDriftResult? queries)
    {
        var days = new[] { queries?.Confirming, queries?.Today }.OfType<QueryDayFinding>().ToList();
        if (days.Count == 0)
        {
            return;
        }

        var reach = days.Max(day => Math.Max(.05, Math.Max(Math.Abs(day.Coverage.EffectLower), Math.Abs(day.Coverage.EffectUpper))));
        console.Say($"[bold]coverage[/]: rise of the share of queries that find little, against {queries!.PastDays} past days, from {-reach:0.00} to {reach:+0.00}; | is no rise");
        var table = Tables.Create(console, "day", ">queries", ">rise", "interval", ">p", "");
        foreach (var day in days)
        {
            var part = day.Coverage;
            table.AddTextRow(
                day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), part.Queries.ToString("N0", CultureInfo.InvariantCulture), ReportText.Difference(part.Effect),
                $"{ReportText.Difference(part.EffectLower)} to {ReportText.Difference(part.EffectUpper)}", ReportText.Figure(part.AdjustedP), chart.Interval((part.EffectLower, part.Effect, part.EffectUpper), reach, Width));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static void Languages(IAnsiConsole console, TextChart chart, IReadOnlyList<LanguageShift> languages)
    {
        if (languages.Count == 0)
        {
            return;
        }

        console.Say($"[bold]languages of queries[/]: share of the day; | is that of the past days");
        var table = Tables.Create(console, "language", ">before", ">now", ">p", "");
        foreach (var language in languages)
        {
            table.AddTextRow(language.Language, ReportText.Percent(language.Before), ReportText.Percent(language.Now), ReportText.Figure(language.P), chart.Bar(language.Now, Width, language.Before));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static double Magnitude(double distance) => Math.Clamp(Math.Log(Math.Max(distance, Nearest) / Nearest) / Math.Log(Farthest / Nearest), 0, 1);

    private static string Digits(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
