using System.Globalization;
using DriftGuard.Core.Gate.MatchesOrBeats;
using static DriftGuard.Core.Drift.Diagnosis.DriftPattern;

namespace DriftGuard.Core.Drift.Diagnosis;

/// <summary>Causes that lie in the labels or in the search itself; a loss of quality by itself is a symptom.</summary>
internal static class QualityRules
{
    /// <summary>The least share of exact results that approximate search must find.</summary>
    private const double AnnRecallFloor = .95;

    public static IEnumerable<Hypothesis> Of(DriftPattern pattern)
    {
        if (pattern.Quality is not { } quality)
            yield break;
        if (quality.Labels is { Missing: > 0 } labels)
        {
            yield return new(
                DriftCause.LabelsStale, pattern.Of(Detector.Quality)!.Verdict == DriftVerdict.None ? Certainty.Possible : Certainty.Certain,
                $"{labels.Missing} of {labels.Relevant} relevant documents of calibration set {quality.CalibrationSet} are not in '{pattern.Index}' any more; {labels.QueriesAffected} queries are affected",
                "if the documents were deleted on purpose, take them out of the judgements and judge these queries again; if not, load them again",
                [$"missing: {string.Join(", ", labels.MissingIds)}{(labels.Missing > labels.MissingIds.Count ? ", ..." : "")}"]);
        }

        if (!pattern.Drifts(Detector.Quality) || pattern.Of(Detector.Model)?.Verdict == DriftVerdict.Failed)
            yield break; // Without a model nothing is found, and that says nothing of the search.
        var evidence = Losses(pattern).ToList();
        if (quality.AnnRecall is { } recall && recall < AnnRecallFloor)
        {
            yield return new(
                DriftCause.SearchDegraded, Certainty.Likely,
                string.Create(CultureInfo.InvariantCulture, $"approximate search of '{pattern.Index}' finds {recall:0.0%} of what exact search finds"),
                "look at the collection's optimiser and HNSW settings; a higher hnsw_ef helps at once", evidence);
        }
        else
        {
            yield return new(
                DriftCause.Unexplained, Certainty.Possible, $"'{pattern.Index}' answers its calibration set worse than at the baseline, and neither model nor vectors moved",
                $"look at the queries that fell ('driftguard drift explain {pattern.Index}'): new documents that push old ones aside need new judgements", evidence);
        }
    }

    /// <summary>Each metric that lost.</summary>
    public static IEnumerable<string> Losses(DriftPattern pattern)
    {
        if (pattern.Quality is not { } quality)
            return [];
        return quality.Metrics.Where(m => m.Result.Verdict == MatchesOrBeatsVerdict.Worse)
            .Select(m => $"{m.Metric} fell from {Number(m.Baseline)} to {Number(m.Now)} over {quality.Queries} queries (at least by {Number(-m.Result.UpperBound ?? 0)})");
    }
}
