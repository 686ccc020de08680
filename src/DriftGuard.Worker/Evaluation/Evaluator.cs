using DriftGuard.Core.Calibration;
using DriftGuard.Core.Gate.MatchesOrBeats;
using DriftGuard.Core.Retrieval;
using DriftGuard.Core.Rollouts;
using DriftGuard.Core.Statistics.Slices;
using DriftGuard.State;
using DriftGuard.Worker.Models;

namespace DriftGuard.Worker.Evaluation;

/// <summary>Scores calibration sets against collections and stores what was found.</summary>
internal sealed class Evaluator(CollectionScorer scorer, StateStore state, TimeProvider time)
{
    /// <summary>A new identity for an evaluation.</summary>
    public static string NewId(string index) => $"{index}-{Guid.CreateVersion7():N}";

    /// <summary>Scores one collection.</summary>
    public async Task<EvaluationReport> ScoreAsync(
        string index, string kind, string collection, ITextEmbedder model, CalibrationSet set, CancellationToken cancellation)
    {
        var metrics = set.Header.Metrics;
        var found = await scorer.SearchAsync(collection, model, set, CollectionScorer.DepthOf(metrics), cancellation);
        var values = EvaluationFigures.Values(set, metrics, found.Approximate);
        var side = SideOf(collection, model, set, metrics, found);
        return new()
        {
            Id = NewId(index),
            Kind = kind,
            Index = index,
            CalibrationSet = set.Name,
            At = time.GetUtcNow(),
            Metrics = [.. metrics.Select(m => m.Name)],
            Old = side,
            Queries = EvaluationFigures.Queries(set, values, found.Approximate),
            Sentence = string.Join(", ", metrics.Select((m, i) => FormattableString.Invariant($"{m.Name} {side.Means[i]:0.0000}"))),
        };
    }

    /// <summary>Stores a report; it is found again by its id.</summary>
    public Task StoreAsync(EvaluationReport report, string? rolloutId, string verdict, CancellationToken cancellation) =>
        state.AddEvaluationAsync(new StoredEvaluation(report.Id, report.Index, rolloutId, report.Kind, verdict, report.At, EvaluationJson.Write(report)), cancellation);

    /// <summary>A stored report; null if there is none.</summary>
    public async Task<EvaluationReport?> FindAsync(string id, CancellationToken cancellation) =>
        await state.FindEvaluationAsync(id, cancellation) is { } stored ? EvaluationJson.Read(stored.Json) : null;

    /// <summary>One collection's part of a report.</summary>
    public static SideReport SideOf(string collection, ITextEmbedder model, CalibrationSet set, IReadOnlyList<RetrievalMetric> metrics, SearchedSet found) => new(
        collection, model.Spec.Name, model.Fingerprint.Id,
        EvaluationFigures.Means(EvaluationFigures.Values(set, metrics, found.Approximate)),
        EvaluationFigures.Means(EvaluationFigures.Values(set, metrics, found.Exact)),
        found.P95);

    /// <summary>Compares two sides, paired by query, metric by metric.</summary>
    public static MatchesOrBeatsDecision Compare(
        CalibrationSet set,
        IReadOnlyList<RetrievalMetric> metrics,
        IReadOnlyList<IReadOnlyList<double>> old,
        IReadOnlyList<IReadOnlyList<double>> @new,
        MatchesOrBeatsOptions options,
        bool sameFingerprint = false) =>
        MatchesOrBeatsDecision.Of([.. metrics.Select((metric, i) =>
            new MetricComparison(metric, MatchesOrBeatsRule.Compare(old[i], @new[i], set.Groups, options, sameFingerprint)))]);

    /// <summary>Compares the first metric by slice, with the margin that the whole comparison used; null where the set declares no slices.</summary>
    public static SlicesResult? CompareSlices(CalibrationSet set, MatchesOrBeatsDecision whole, IReadOnlyList<double> old, IReadOnlyList<double> @new)
    {
        var slices = Slice.Of(set);
        return slices.Count == 0 ? null : SlicesRule.Compare(
            [.. @new.Zip(old, (now, then) => now - then)], set.Groups, slices, new() { Margin = whole.Metrics[0].Result.Margin });
    }

    /// <summary>The rule's options from the gate's settings.</summary>
    public static MatchesOrBeatsOptions OptionsOf(GateSettings gate) => new()
    {
        Margin = gate.Margin,
        Epsilon = gate.Epsilon,
        Rule = gate.PointRule ? ComparisonRule.Point : ComparisonRule.Paired,
    };

    /// <summary>The gate's metrics.</summary>
    public static IReadOnlyList<RetrievalMetric> MetricsOf(GateSettings gate) => [.. gate.Metrics.Select(RetrievalMetric.Parse)];
}
