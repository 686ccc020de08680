using System.Xml.Linq;
using DriftGuard.Core.Drift;
using DriftGuard.Core.Rollouts;
using DriftGuard.Dashboard.Pages;
using DriftGuard.Worker.Calibration.Thresholds;
using DriftGuard.Worker.Drift;
using DriftGuard.Worker.Evaluation;
using DriftGuard.Worker.Reports;
using static DriftGuard.Worker.Reports.ReportText;

namespace DriftGuard.Dashboard.Charts;

/// <summary>What is drawn of an index.</summary>
internal static class IndexCharts
{
    /// <summary>What each detector measured over time, against its threshold.</summary>
    public static IEnumerable<XElement?> Drift(IndexModel seen)
    {
        var events = Events(seen);
        foreach (var threshold in seen.DriftThresholds)
        {
            var values = seen.Histories.First(history => history.Detector == threshold.Detector).Entries
                .Select(entry => (entry, Value: threshold.Figure switch
                {
                    DriftFigureKind.P => entry.Found.P,
                    DriftFigureKind.Effect => entry.Found.Effect,
                    _ => entry.Found.Statistic,
                })).Where(found => found.Value is not null)
                .Select(found => new TimedValue(
                    found.entry.At, found.Value!.Value, found.entry.Found.Verdict is "suspected" or "confirmed", $"{Time(found.entry.At)}: {Figure(found.Value)}, {found.entry.Found.Verdict}")).ToList();
            if (values.Count > 0)
            {
                var detector = DriftJson.Word(threshold.Detector);
                yield return TimelineChart.Draw(
                    $"{detector}: {threshold.Name.Replace('_', ' ')} of each check; crosses are verdicts of drift, the dashed line is where it begins to count ({(threshold.CountsAbove ? "at or above" : "at or below")} {Figure(threshold.Value)})",
                    values, threshold.Value, events);
            }
        }
    }

    /// <summary>What evaluations of the collection that served scored over time, metric by metric.</summary>
    public static IReadOnlyList<XElement?> Quality(IndexModel seen)
    {
        var events = Events(seen);
        return
        [
            .. Scored(seen).GroupBy(scored => (scored.Set, scored.Metric)).Select(metric => TimelineChart.Draw(
                $"{metric.Key.Metric} of {metric.Key.Set}, with its 95 % interval",
                [.. metric.Select(scored => new TimedValue(scored.At, scored.Mean, false, $"{Time(scored.At)}: {Figure(scored.Mean)}, {scored.Kind} of {scored.Collection}")
                {
                    Lower = scored.Lower,
                    Upper = scored.Upper,
                })], null, events)),
        ];
    }

    /// <summary>The same in words.</summary>
    public static XElement QualityTable(IndexModel seen) => HtmlPage.Table(
        "Calibration metrics, newest first", ["when", "evaluation", "set", "metric", ">mean", ">from", ">to", "collection"],
        Scored(seen).Select(scored => new object[] { Time(scored.At), scored.Kind, scored.Set, scored.Metric, Figure(scored.Mean), Figure(scored.Lower), Figure(scored.Upper), scored.Collection }));

    /// <summary>The thresholds that applications cut at.</summary>
    public static XElement ThresholdTable(ServedThresholds thresholds) => HtmlPage.Table(
        $"Under {thresholds.Model ?? "a model that is not known"}, which {(thresholds.Serving ? "serves" : "does not serve")}", ["name", ">value", "set", "since", "provisional"],
        thresholds.Thresholds.Select(threshold => new object[] { threshold.Name, Figure(threshold.Value), threshold.Set ?? "-", Time(threshold.At), threshold.Provisional ? "yes" : "no" }));

    /// <summary>In a soak the new collection serves, and is what was scored.</summary>
    private static IEnumerable<(DateTimeOffset At, string Kind, string Set, string Metric, double Mean, double? Lower, double? Upper, string Collection)> Scored(IndexModel seen) =>
        from evaluation in seen.Evaluations
        let side = evaluation is { Kind: EvaluationKind.Soak, New: { } serving } ? serving : evaluation.Old
        from metric in evaluation.Metrics.Index()
        where metric.Index < side.Means.Count
        let interval = side.Intervals.ElementAtOrDefault(metric.Index)
        select (evaluation.At, evaluation.Kind, evaluation.CalibrationSet, metric.Item, side.Means[metric.Index], interval?.Lower, interval?.Upper, side.Collection);

    private static List<TimedEvent> Events(IndexModel seen) =>
    [
        .. seen.Rollouts.SelectMany(rollout => new[]
        {
            rollout.CutOverAt is { } cut ? new TimedEvent(cut, $"cutover of {rollout.Id} to {rollout.ToModel}") : null,
            rollout is { Phase: RolloutPhase.RolledBack, EndedAt: { } back } ? new TimedEvent(back, $"{rollout.Id} rolled back to {rollout.FromModel}") : null,
        }).OfType<TimedEvent>(),
        .. seen.Baselines.Select(baseline => new TimedEvent(baseline.At, $"baseline taken ({baseline.Kind})")),
    ];
}
